"""What the database remembers: every SQL statement of the backend stands here, one file a domain.

A statement is built once, at import, and SQLAlchemy compiles it once; only the values change. Values are bound by the
names of their columns.
"""
