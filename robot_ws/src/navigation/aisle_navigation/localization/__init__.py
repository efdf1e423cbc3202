"""Where the robot is on the map, and whether it knows."""
