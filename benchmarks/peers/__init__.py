"""Other simulators on the task of ours: programs that run in an environment of their own, without this project."""
