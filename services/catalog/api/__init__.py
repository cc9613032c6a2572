"""Doors for programs: JSON under ``/v1``."""
