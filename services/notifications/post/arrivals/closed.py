"""No mail comes in: ``REPLIES_URL`` is not set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Closed:
    """The part of a worker that takes mail in, where none can come; so that every installation runs the same parts."""

    name: str = "replies"

    def pulse(self) -> int:
        """Nothing to do."""
        return 0
