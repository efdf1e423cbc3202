"""What stands in the simulated store: its description, the physics model of it, and its pictures."""
