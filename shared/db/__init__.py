"""The database as all three services use it: one engine, one pen (``Transaction``), journal, inbox, due work."""
