"""The applications: command line, process table, supervisor, lockstep runner, demo. Imported by nobody."""

import os

# Threads that grow trees wait for each other asleep: awake they take the cores of whatever else runs, and a training
# beside other work then takes many times as long. OpenMP reads this when it is loaded, which is later.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
