"""Venues where meetings are held more often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final


@dataclass(frozen=True, kw_only=True)
class KeptVenue:
    """A venue, to be filled in at once; from the day ``valid_to`` on it is no longer offered."""

    code: str
    name: str
    address: str = ""
    postal_code: str = ""
    city: str = ""
    travel_info: Mapping[str, str] = field(default_factory=dict)
    accessibility_info: Mapping[str, str] = field(default_factory=dict)
    valid_to: date | None = None


VENUE_CODE: Final = r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?"
"""What the code of a venue looks like: ``stadhuis-utrecht``."""


def filled_in(typed: Mapping[str, str], venue: KeptVenue) -> dict[str, str]:
    """What stands in the form of a meeting (``venue.city``), with all that is known of ``venue``; the rest stays."""
    known = {
        "venue.name": venue.name,
        "venue.address": venue.address,
        "venue.postalCode": venue.postal_code,
        "venue.city": venue.city,
        **{f"travelInfo.{language}": text for language, text in venue.travel_info.items()},
        **{f"accessibilityInfo.{language}": text for language, text in venue.accessibility_info.items()},
    }
    return {**typed, **{name: text for name, text in known.items() if text}}
