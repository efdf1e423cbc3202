"""The touchscreen of the robot: a pure core that decides what is shown, and a Kivy window that shows it."""
