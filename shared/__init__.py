"""Plumbing and common language. Knows no service, carries no business rule; here lives only what two services use."""
