"""Navigation: where the robot is, how it gets to a shelf, and when it must not move. Cores without ROS."""
