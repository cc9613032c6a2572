"""What the parts of one's own data are called, on the page on which they are read."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from shared.i18n import N_
from shared.i18n import gettext as _

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registration": N_("Registrations and attendee lists"),
        "catalog": N_("Meetings, knowledge and stories"),
        "notifications": N_("Mail and calendars"),
    }
)
"""The services, as the page about privacy calls them."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registrations": N_("Registrations"),
        "history": N_("What was done with them"),
        "sessions": N_("Parts of the programme"),
        "seatsOffered": N_("Seats that others hand over to you"),
        "seatsHandedOver": N_("Seats that you hand over"),
        "consents": N_("What you agreed to"),
        "profile": N_("Profile in the network"),
        "blocked": N_("People you blocked"),
        "reports": N_("What you reported"),
        "organiser": N_("Your role"),
        "listsReceived": N_("Lists that were sent to you"),
        "signIns": N_("Where you are signed in"),
        "stories": N_("Experiences you shared"),
        "expert": N_("You as an expert"),
        "researchConsent": N_("Consent for research"),
        "invitations": N_("What stands in your calendar"),
        "calendarFeed": N_("Your own calendar to subscribe to"),
        "lostMail": N_("Mail that does not reach you"),
        "otherAddresses": N_("Other addresses of yours"),
        "subscription": N_("Invitations you asked for"),
        "preferences": N_("What you want to hear of"),
        "digest": N_("Meetings that stood in your weekly list"),
        "invitedBy": N_("Invitations from organisers"),
        "mailsSent": N_("Mail to you"),
        "mailsReceived": N_("Mail from you"),
        "talks": N_("Talks for two"),
    }
)
"""What is told, by kind; the names are those of the file."""


def lines_of(data: Mapping[str, Any]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """What one service told: for each kind its name, and its things as pairs of a name in the file and a value."""
    return [
        (_(KINDS[kind]) if kind in KINDS else kind, [list(_pairs(thing)) for thing in things])
        for kind, things in data.items()
        if things
    ]


def _pairs(thing: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Nested ones as ``person.name``; what is empty says nothing."""
    for name, value in thing.items():
        path = f"{under}.{name}" if under else name
        if isinstance(value, dict):
            yield from _pairs(value, path)
        elif isinstance(value, list):
            yield path, ", ".join(str(each) for each in value)
        elif value not in (None, ""):
            yield path, str(value)
