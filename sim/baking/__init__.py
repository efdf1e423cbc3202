"""Makes the assets of `sim/assets` from their sources; nothing that runs imports this."""
