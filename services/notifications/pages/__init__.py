"""The door for people: ``/notifications``."""
