"""What every ROS node of ours shares: conversions, transforms, and the lifecycle shell."""
