"""`aisle faults backend`: a real backend is killed, starved, cut off and pestered, and must lose nothing."""
