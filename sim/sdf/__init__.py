"""The simulation description format (SDF 1.9): types, reader, writer and lint for the part of it that we use."""
