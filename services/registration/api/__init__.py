"""The door for programs: JSON under ``/registration/v1``."""
