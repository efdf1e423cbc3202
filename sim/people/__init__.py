"""The people of the simulated store: how they walk, what they want, and the scripted customer."""
