"""Who belongs to the network, and who may be found by whom."""

from typing import Literal, TypeAlias, get_args

VisibleTo: TypeAlias = Literal["meeting", "region", "network"]
"""To whom someone opens a profile: to those who were at a meeting with them, to those of their region (wherever they
met or did not meet), or to everyone in the network."""

VISIBLE_TO: tuple[VisibleTo, ...] = get_args(VisibleTo)

TAKES_PART = frozenset({"confirmed", "attended"})
"""States of a registration in which someone is or was at the meeting: who was offered a seat has not taken it yet, and
who did not come was not there."""

LONGEST_TEXT = 500
"""Characters that someone can say about what they offer, and about what they look for."""
