"""The store's backend: sessions, journeys, calls for people, robot status, and the catalogue that robots copy."""
