"""Doors for organisers: they make, copy, publish, change and cancel meetings, and see what was done to each."""
