"""Advice: one request answered by the learned ranking, with filters, variety and the true reason of each product."""
