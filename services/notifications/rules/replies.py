"""What a mail that came in means: whose answer it is, and whether it still counts (calendar rules 18 to 22)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notifications.rules.addresses import address_key, is_mailbox
from services.notifications.rules.delivery_reports import DeliveryReport
from shared.calendar.reading import Heard, Voice

Choice = Literal["accepted", "tentative", "declined"]

CHOICES: dict[str, Choice] = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
"""PARTSTAT and what we call it."""

Sort = Literal["too-large", "report", "calendar", "automatic", "words"]


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A mail as it came in, with the id it is filed under.

    ``recipient`` is the envelope's. ``sender`` is the address in From, empty where there is no single one. ``reports``:
    it tells of a delivery, in ``report`` as far as we understand it. ``is_automatic``: a program sent it, or a list.
    ``is_authentic``: our own mail server vouches for the sender (an aligned DMARC pass). ``refers_to`` are the
    Message-IDs that it answers. ``calendars`` are its calendar parts, None for one that cannot be read.
    ``is_too_large``: nothing but its head was read.
    """

    id: str
    recipient: str
    sender: str
    subject: str
    text: str
    source: bytes
    calendars: tuple[Heard | None, ...] = ()
    refers_to: tuple[str, ...] = ()
    reports: bool = False
    report: DeliveryReport | None = None
    is_automatic: bool = False
    is_authentic: bool = False
    is_too_large: bool = False


def sort_of(mail: Incoming) -> Sort:
    """What kind of mail it is. An answer of a calendar counts even where a program says it sent it (rule 18)."""
    if mail.is_too_large:
        return "too-large"
    if mail.reports:
        return "report"
    if mail.calendars:
        return "calendar"
    return "automatic" if mail.is_automatic else "words"


def voice_of(heard: Heard, mail: Incoming, owner: Collection[str]) -> Voice | None:
    """What the invited person says in it; None where somebody else speaks (rule 19).

    ``owner`` holds the invited address and its known aliases, as keys. It counts as theirs if the ATTENDEE is one of
    them, whoever pressed send, or if a single attendee was sent by one of them for certain.
    """
    for voice in heard.voices:
        if address_key(voice.address) in owner:
            return voice
    if mail.is_authentic and address_key(mail.sender) in owner and len(heard.voices) == 1:
        return heard.voices[0]
    return None


def stranger_of(heard: Heard, mail: Incoming) -> Voice | None:
    """Who else answers, with a plain address: the only attendee, or the one who sent it; None where that is unclear."""
    sent = [voice for voice in heard.voices if mail.sender and address_key(voice.address) == address_key(mail.sender)]
    candidates = heard.voices if len(heard.voices) == 1 else sent
    voice = candidates[0] if len(candidates) == 1 else None
    return voice if voice and voice.partstat and is_mailbox(voice.address) else None


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer: to which SEQUENCE, stamped when (its DTSTAMP, aware UTC), in a calendar or with a button of ours."""

    choice: Choice
    sequence: int
    stamped_at: datetime
    by: Literal["calendar", "page"] = "calendar"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What we know of an invitation: what it is, what its calendar was told, and what it last answered.

    ``asked_anew`` is the last SEQUENCE that asked again, because the meeting moved; ``has_successor``: this address
    holds a newer invitation to the meeting.
    """

    state: Literal["live", "cancelled", "dead"]
    told_sequence: int
    asked_anew: int
    answer: Choice | None
    answer_sequence: int
    answer_stamp: datetime | None
    has_successor: bool = False


@dataclass(frozen=True)
class Count:
    """The answer counts, and is to this SEQUENCE. ``revives``: the invitation had ended with their no."""

    sequence: int
    revives: bool = False


Idle = Literal["repeated", "older", "not-current", "superseded", "too-late"]
"""Why an answer does not count: said before, overtaken, about what ended with a no, about what was withdrawn;
``superseded``: the person wants an entry back that ended with their no, and holds a newer one of the same meeting.
"""


def judge(said: Said, standing: Standing) -> Count | Idle:
    """Whether an answer counts (rule 20): by SEQUENCE, then DTSTAMP; of two equal ones the later received wins.

    A SEQUENCE that was never sent counts as the last one that was.
    """
    sequence = min(said.sequence, standing.told_sequence)
    if standing.answer and standing.answer_stamp:
        told, before = (sequence, said.stamped_at), (standing.answer_sequence, standing.answer_stamp)
        if told < before:
            return "older"
        if told == before and said.choice == standing.answer:
            return "repeated"
    if standing.state == "cancelled":
        return "too-late"
    if standing.state == "dead":
        return _to_what_ended(said, standing, sequence)
    if said.choice != "declined" and sequence < standing.asked_anew:
        return "older"
    return Count(sequence)


def _to_what_ended(said: Said, standing: Standing, sequence: int) -> Count | Idle:
    """A yes to an invitation that ended with a no brings it back to life, unless there is a newer one."""
    if standing.has_successor and said.choice != "declined":
        return "superseded"
    revives = said.choice == "accepted" and standing.answer == "declined"
    return Count(sequence, revives) if revives else "not-current"
