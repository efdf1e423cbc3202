"""The built-in simulator: a MuJoCo store with the reference robot, shoppers, a scripted customer, and scoring.

It stands in for the world, never for our code: nothing outside `sim`, `apps` and `benchmarks` imports it.
"""
