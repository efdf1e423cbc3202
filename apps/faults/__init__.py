"""`aisle faults`: scripted runs in which something goes wrong, each with what is expected of it."""
