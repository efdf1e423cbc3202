"""The applications: command line, process table, supervisor, lockstep runner, demo. Imported by nobody."""
