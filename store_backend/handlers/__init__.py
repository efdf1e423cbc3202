"""What the backend does for each message: small functions of (command, unit of work)."""
