"""Shared vocabulary of Aisle: geometry, sensing types, messages, channels, bus, configuration, clock.

This is the leaf package: it imports nothing else of the project.
"""
