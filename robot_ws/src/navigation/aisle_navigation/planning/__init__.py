"""The global planner: from where the robot is to where it shall be, around everything that stands."""
