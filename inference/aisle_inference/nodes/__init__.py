"""ROS shell of the adviser."""
