"""The simulated sensors, with the faults of real ones."""
