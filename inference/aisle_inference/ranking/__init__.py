"""The learned ranking: candidates from several sources, features of each, and boosted trees over them."""
