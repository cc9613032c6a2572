"""Which states of a registration count for the seats."""

HOLDS_SEAT = frozenset({"confirmed", "offered", "attended", "no_show"})
"""States that hold a seat; an offer does so until its deadline."""

WAITS = "waitlisted"
"""The state of those on the waiting list."""


def is_registered(status: str) -> bool:
    """Whether someone in this state takes part or may still: signing up once more changes nothing."""
    return status in HOLDS_SEAT or status in {WAITS, "unconfirmed", "requested"}
