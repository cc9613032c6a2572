"""What holds for the APIs of all three services, against the running services themselves."""
