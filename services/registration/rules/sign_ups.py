"""What someone who signs up asks for, and what they can be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal, TypeAlias

from services.registration.rules.decision import Refused, Wait
from shared.events.registration import SessionSeat


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What someone asks for. ``email`` as typed, ``address_key`` what identifies the person behind it.

    ``companion``: another person, who shares that mailbox. ``online_if_full``: take part online while waiting for the
    venue. ``or_nothing``: rather not wait. ``confirm_first``: also where nobody else has to. ``sessions``: ids of those
    with seats of their own. ``question``: what a newcomer brings to the meeting, and the code of its theme, if any.
    ``copy_to``: whoever signs this person up. ``series_post``: the id of a request for more meetings in one go. ``key``
    and ``body_hash`` are hashes: of the key the request came with, if any, and of what it asked.
    """

    name: str
    email: str
    address_key: str
    target_group: str
    organisation: str = ""
    organisation_id: str | None = None
    language: Literal["nl", "en"] = "nl"
    attendance: Literal["venue", "online"] = "venue"
    online_if_full: bool = False
    or_nothing: bool = False
    confirm_first: bool = False
    companion: bool = False
    sessions: Sequence[str] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    phone: str | None = None
    listed: bool = False
    last_moment: bool = False
    question: str = ""
    question_theme: str = ""
    copy_to: str | None = None
    series_post: str | None = None
    key: str | None = None
    body_hash: str = ""
    correlation_id: str | None = None

    @property
    def person(self) -> str:
        """Who this is at the meeting: the address, and among those who share it the name."""
        return f"{self.address_key}\n{self.name.casefold()}" if self.companion else self.address_key

    @property
    def series_key(self) -> str | None:
        """What this person's request for several meetings is known by; None where it came without a key."""
        return self.key and sha256(f"{self.key} {self.address_key}".encode()).hexdigest()[:36]

    @property
    def said_once(self) -> Mapping[str, Any]:
        """What is told of this sign-up, and of the registration never again.

        Whoever signs this person up gets what they said, not what is known of who was registered before.
        """
        series = {"in_series": True, "series_post": self.series_post} if self.series_post else {}
        if self.copy_to is None:
            return series
        return {"copy_to": self.copy_to, "copy_name": self.name, "copy_language": self.language, **series}


@dataclass(frozen=True)
class Answered:
    """What the person is told: a seat, a ``place`` 1…n on the waiting list, or that someone has to confirm first.

    Whoever takes part online while waiting for the venue is confirmed and has a place. ``place_in_group`` counts only
    the person's own role; a place online has none. ``sessions`` are those that were chosen.
    """

    status: Literal["confirmed", "waitlisted", "requested", "unconfirmed"]
    place: int | None = None
    place_in_group: int | None = None
    attendance: Literal["venue", "online"] = "venue"
    sessions: tuple[SessionSeat, ...] = ()


@dataclass(frozen=True)
class Placed:
    """What a decision comes to: how the registration stands, and its place on the waiting list it is on."""

    status: Literal["confirmed", "waitlisted", "requested", "unconfirmed"]
    attendance: Literal["venue", "online"]
    waits_for: Literal["seat", "online"] | None = None
    wait: Wait | None = None

    def answer(self, sessions: tuple[SessionSeat, ...]) -> Answered:
        """What the person is told."""
        place = self.wait.place if self.wait else None
        place_in_group = self.wait.place_in_group if self.wait and self.waits_for == "seat" else None
        return Answered(self.status, place, place_in_group, self.attendance, sessions)


@dataclass(frozen=True)
class KeyReused:
    """The request's key came before, with another request."""


@dataclass(frozen=True)
class GroupUnknown:
    """The network knows no such target group."""


Outcome: TypeAlias = Answered | Refused | KeyReused | GroupUnknown
