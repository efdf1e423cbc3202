"""The host's side of the base. All of it is pure but the line (link, driver), the build and the ROS node."""
