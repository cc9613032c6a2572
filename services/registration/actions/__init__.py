"""What can happen: one verb per file. Each takes the open transaction, changes rows and publishes what became true."""
