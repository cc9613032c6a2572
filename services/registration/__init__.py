"""Who takes part: registrations, seats, waiting lists, attendance."""
