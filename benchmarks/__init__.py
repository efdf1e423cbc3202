"""Benchmarks: every speed and quality figure that this project states. `aisle bench list` names them."""
