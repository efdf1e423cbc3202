"""`aisle base`: looking at one base over its serial line, driving it by hand, recording and calibrating it."""
