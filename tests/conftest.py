"""What holds for all tests."""

from hypothesis import settings

# A deadline for every example would be an assertion about time, and fail on a busy machine.
settings.register_profile("aisle", deadline=None)
settings.load_profile("aisle")
