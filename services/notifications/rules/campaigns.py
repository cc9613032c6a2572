"""Inviting target groups to a meeting: to whom, on which ground, and in which waves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from services.notifications.rules.guests import Guest

Status = Literal["running", "paused", "full", "stopped", "closed", "done"]
"""``paused``: the next wave waits for its time or for a button; ``full``: no seat is left for anyone who waits;
``stopped``: by an organiser; ``closed``: nobody can sign up any more."""

WHOLE_COUNTRY = "NL"


@dataclass(frozen=True, kw_only=True)
class CampaignPlan:
    """Whom an organiser invites: subscribers with these roles in these regions (codes), and who they bring themselves.

    ``organisations``: only subscribers who work there, by its name or the domain of its mail; empty: wherever.
    ``ground`` is why the addresses that are brought may be used. ``wave_size``: that many at a time, the next ones
    ``wave_hours`` later, or when the organiser says so; None: all at once.
    """

    target_groups: tuple[str, ...]
    regions: tuple[str, ...]
    organisations: tuple[str, ...] = ()
    brought: tuple[Guest, ...] = ()
    ground: str = ""
    wave_size: int | None = None
    wave_hours: int | None = None


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Somebody that a campaign reaches, by the fingerprint of the address. ``brought``: whom an organiser named.

    ``organisation`` is what somebody called the place where they work, ``domain`` that of their address.
    """

    fingerprint: str
    target_group: str
    regions: tuple[str, ...] = ()
    organisation: str = ""
    domain: str = ""
    brought: Guest | None = None


def is_meant(wished: Collection[str], regions: Collection[str]) -> bool:
    """Whether somebody who wants to be invited in the regions ``wished`` is meant by an invitation to ``regions``."""
    return WHOLE_COUNTRY in wished or WHOLE_COUNTRY in regions or not set(wished).isdisjoint(regions)


def works_at(person: Invitee, organisations: Collection[str]) -> bool:
    """Whether somebody works at one of ``organisations``, each a name or a mail domain; if there are none: they do."""
    wanted = {_called(each) for each in organisations}
    at = person.domain.lower()
    return not wanted or _called(person.organisation) in wanted or any(f".{at}".endswith(f".{each}") for each in wanted)


def _called(organisation: str) -> str:
    """A name as it is compared: whether somebody says gemeente Utrecht or Utrecht is the same."""
    return " ".join(organisation.casefold().split()).removeprefix("gemeente ")


def by_region(people: Collection[Invitee], regions: Collection[str]) -> dict[str, int]:
    """How many subscribers asked for each of ``regions``; who asked for several counts in each."""
    asked = [each.regions for each in people if not each.brought]
    return {region: sum(is_meant(wished, (region,)) for wished in asked) for region in regions}


def roles_with_room(roles: Collection[str], free: int | None, by_role: Mapping[str, int]) -> set[str]:
    """Those of ``roles`` for which the seat rule would still admit somebody.

    ``free`` is None where no seat was counted yet; a role that the seat plan does not name shares the free seats.
    """
    return {role for role in roles if free is None or by_role.get(role, free) > 0}
