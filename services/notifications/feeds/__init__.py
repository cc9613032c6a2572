"""What programs subscribe to: a person's own meetings."""
