"""The gateway: the only place that knows both ROS and ZeroMQ."""
