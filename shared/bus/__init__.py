"""Messages between the services: outbox relay, inbox, and the one file that knows the broker."""
