"""Behaviour: the robot's mission as a tree - wait, notice, greet, serve, guide, arrive, thank, go back."""
