"""The catalogue: products, the forgiving search, the read-only replica on the robot and how it is brought there."""
