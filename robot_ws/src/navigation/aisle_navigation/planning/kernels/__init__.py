"""Compiled kernels of the planner; each is plain arithmetic over arrays, without a state of its own."""
