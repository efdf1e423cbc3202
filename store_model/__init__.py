"""The store model: the floor plan, the planogram, their checks, and every map and pose that is derived from them."""
