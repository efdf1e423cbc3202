"""Published recommenders, as fair opponents: what our own ranking must beat in the same harness."""
