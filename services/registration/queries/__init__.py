"""What we look up. Nothing here changes anything."""
