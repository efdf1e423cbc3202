"""The last stage before the base: what may be sent, from the scan alone."""
