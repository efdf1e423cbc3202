"""Bring-up: the lifecycle manager, the robot description and the launch files for full ROS installations."""
