"""Training: a shop's purchases become the kit that its robots carry."""
