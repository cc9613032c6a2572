"""Doors for people, and for the programs that subscribe to calendars."""
