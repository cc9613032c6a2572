"""What can happen in notifications: one verb per file, each called within a transaction that its door opens."""
