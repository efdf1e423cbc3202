"""Compiled kernels of localization: weighing, resampling, ray casting and the search over the whole map."""
