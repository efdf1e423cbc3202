"""ROS shells around the cores of this package: read inputs, call the core, publish."""
