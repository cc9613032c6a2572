"""What a list of people is for: its columns follow from that, and who may have it."""

from typing import Literal, TypeAlias, get_args

from shared.people.roles import Role

Purpose: TypeAlias = Literal["full", "door", "catering", "reception", "participants", "report"]
"""Everything; receiving people at the door; the caterer; the reception of the building; the other participants, of
those who want to stand on their list; accounting for the meeting."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

ONLY_COUNTS: frozenset[Purpose] = frozenset({"catering", "report"})
"""Nobody stands on these lists."""


def purposes_of(role: Role) -> tuple[Purpose, ...]:
    """For what someone with this role may have a list of a meeting; the first is meant where none is named."""
    return ("door",) if role == "helper" else PURPOSES


def sees_needs(role: Role, purpose: Purpose) -> bool:
    """Whether access needs and diet stand in the list with the names: for the meeting's organisers only."""
    return purpose == "full" and role in {"organiser", "manager"}
