"""What is allowed about meetings: pure functions and frozen dataclasses, no database, no clock."""
