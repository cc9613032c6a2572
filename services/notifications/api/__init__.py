"""The door for programs: ``/notifications/v1``."""
