"""Who someone is and what they may do: roles, keys and sessions, signed links."""
