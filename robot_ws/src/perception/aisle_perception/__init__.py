"""Perception: people from the laser, tracked in the map frame, and who stands at the screen. Cores without ROS."""
