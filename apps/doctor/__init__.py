"""`aisle doctor`: what keeps a store from running on this machine, and what to do about it."""
