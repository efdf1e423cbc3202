"""What the robot's base would be in metal: battery, motors and encoders, as the firmware sees them."""
