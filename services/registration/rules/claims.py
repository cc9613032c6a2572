"""Which role the claims of an identity provider give, as the operator decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.people.roles import GivenRole


@dataclass(frozen=True)
class ClaimRule:
    """Who has ``value`` in the claim gets ``role``; ``regions`` (codes) bound an organiser."""

    value: str
    role: GivenRole
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoleGiven:
    """A role, and for an organiser its regions."""

    role: GivenRole
    regions: tuple[str, ...] = ()


def claim_in(claims: Mapping[str, Any], name: str) -> object:
    """What stands in ``claims`` under ``name``, or under its parts one within the other (``realm_access.roles``)."""
    if name in claims:
        return claims[name]
    first, dot, rest = name.partition(".")
    inner = claims.get(first)
    return claim_in(inner, rest) if dot and isinstance(inner, Mapping) else None


def role_given(rules: Sequence[ClaimRule], claim: object) -> RoleGiven | None:
    """The role of the first of ``rules`` that ``claim`` (one text, or a list of them) holds; None where it holds none.

    The regions of all rules with that role that it holds come together.
    """
    held = claim if isinstance(claim, list) else [claim]
    matching = [rule for rule in rules if rule.value in held]
    if not matching:
        return None
    role = matching[0].role
    regions = dict.fromkeys(region for rule in matching if rule.role == role for region in rule.regions)
    return RoleGiven(role, tuple(regions))
