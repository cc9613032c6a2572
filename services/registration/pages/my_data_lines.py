"""All that is kept of somebody, on the page: in words, where the file has the names and marks of programs."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email import message_from_string, policy
from types import MappingProxyType
from typing import Any, Final

from services.registration.forms.network import OPENED_TO
from services.registration.forms.stories import STORY_KINDS
from services.registration.lists.words import ATTENDANCES, STATUSES
from services.registration.lists.words import KINDS as KINDS_OF_REGISTRATIONS
from services.registration.pages.my_data_words import KINDS
from services.registration.pages.words import ACTS
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.i18n.moments import moment_text

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "access": N_("What you need to take part"),
        "act": N_("What was done"),
        "address": N_("E-mail address"),
        "answer": N_("Answer of the calendar"),
        "answeredAt": N_("Answered"),
        "answers": N_("Answers to the questions"),
        "askedAt": N_("Asked"),
        "at": N_("When"),
        "attendance": N_("Takes part"),
        "blockedAt": N_("Since"),
        "by": N_("By whom"),
        "canHelpWith": N_("Can help with"),
        "changedAt": N_("Changed"),
        "confirmedAt": N_("Confirmed"),
        "consentedOn": N_("Agreed to"),
        "createdAt": N_("Made"),
        "decidedAt": N_("Decided"),
        "decision": N_("Decision"),
        "diet": N_("What you do not eat"),
        "digest": N_("Weekly list of meetings"),
        "email": N_("E-mail address"),
        "en": N_("In English"),
        "endsAt": N_("Until"),
        "endsOn": N_("Valid until"),
        "error": N_("What the mail server said"),
        "fromStatus": N_("How it stood before"),
        "givenAt": N_("Agreed to"),
        "helpsWith": N_("Can help with"),
        "invitations": N_("Invitations"),
        "kind": N_("What it is"),
        "language": N_("Language"),
        "location": N_("Where"),
        "lookingFor": N_("Is looking for"),
        "mailLostSince": N_("Mail does not arrive since"),
        "meetings": N_("Meetings"),
        "moment": N_("When"),
        "name": N_("Name"),
        "named": N_("With your name"),
        "network": N_("Mail of the network"),
        "nl": N_("In Dutch"),
        "note": N_("Note of the organiser"),
        "offerUntil": N_("Offered until"),
        "onlineUrl": N_("Where, online"),
        "organisation": N_("Organisation"),
        "outcome": N_("What came of it"),
        "overrideReason": N_("Why you got a seat by hand"),
        "owner": N_("E-mail address"),
        "phone": N_("Telephone"),
        "place": N_("Number on the waiting list"),
        "placeInGroup": N_("Number on the waiting list, of your role"),
        "proposedAt": N_("Proposed"),
        "publishedAt": N_("Published"),
        "purpose": N_("For what"),
        "reason": N_("Reason"),
        "receivedAt": N_("Received"),
        "recipient": N_("E-mail address"),
        "recipientName": N_("Name"),
        "refusedBecause": N_("Why it was not published"),
        "region": N_("Region"),
        "regions": N_("Regions"),
        "reminders": N_("Reminders"),
        "reportedAt": N_("When"),
        "role": N_("Role"),
        "sender": N_("From whom"),
        "sentAt": N_("Sent"),
        "signedInAt": N_("Signed in"),
        "since": N_("Since"),
        "source": N_("Text of the mail"),
        "startsAt": N_("From"),
        "status": N_("How it stands"),
        "subject": N_("Subject"),
        "targetGroup": N_("Role"),
        "text": N_("Text"),
        "theme": N_("Theme"),
        "themes": N_("Themes"),
        "title": N_("Title"),
        "toStatus": N_("How it stands"),
        "toldAt": N_("Told"),
        "validUntil": N_("Valid until"),
        "version": N_("Version"),
        "visibleTo": N_("Who can find me?"),
        "why": N_("Why"),
        "withdrawnAt": N_("Taken back"),
        "words": N_("What you wanted to talk over"),
    }
)
"""What is told, by its name in the file, whatever it is a part of."""

_STATUSES: Final[Mapping[str, str]] = {**STATUSES, "requested": N_("Waits for a decision")}

VALUES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "act": ACTS,
        "attendance": ATTENDANCES,
        "by": {"participant": N_("you"), "organiser": N_("the organiser"), "system": N_("by itself")},
        "fromStatus": _STATUSES,
        "kind": {**KINDS_OF_REGISTRATIONS, **STORY_KINDS},
        "status": _STATUSES,
        "toStatus": _STATUSES,
        "visibleTo": OPENED_TO,
    }
)
"""Of what stands in the file as a code: what it means to whose it is."""

_ONLY_IN_FILE = re.compile(
    r"about\..+|(.*\.)?(id|uid|\w+(Id|By|Key|Method|Number|Revision|Sequence|Stamp|Version)|ask(s|ed)Anew|asFile|attempts|cause"
    r"|changes|choices?|companion|copyLanguage|domain|guest|handedOver|in_?[sS]eries|invites|lastMoment|link|listed|madeAt"
    r"|method|news|nextAttemptAt|number|organizer|partstat|passedOn|position|queuedAt|reported|sequence|slug|state|tellings"
    r"|timeZone|usefulUntil|waitsFor)"
)
"""Marks and counters that programs work with: whoever wants them has the file."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def lines_of(data: Mapping[str, Any]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """What one service told: for each kind its name, and its things as pairs of what it is and how that reads.

    What has no words here is shown as it stands in the file.
    """
    return [
        (_(KINDS[kind]) if kind in KINDS else kind, [list(dict.fromkeys(_pairs(thing))) for thing in things])
        for kind, things in data.items()
        if things
    ]


def _pairs(thing: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Nested ones too; what is empty says nothing."""
    for name, value in thing.items():
        path = f"{under}.{name}" if under else name
        if isinstance(value, dict):
            yield from _pairs(value, path)
        elif value not in (None, "", []) and not _ONLY_IN_FILE.fullmatch(path):
            words = FIELDS.get(name) or FIELDS.get(under.rpartition(".")[2])
            yield _(words) if words else path, _in_words(name, value)


def _in_words(name: str, value: Any) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(str(each) for each in value)
        case str() if name == "source":
            return _text_of_mail(value)
        case str() if _INSTANT.fullmatch(value):
            return moment_text(datetime.fromisoformat(value), current_translator().language)
    known = VALUES.get(name, {})
    return _(known[value]) if value in known else str(value)


def _text_of_mail(source: str) -> str:
    """What somebody read; all of a mail that has no such part."""
    plain = message_from_string(source, policy=policy.default).get_body(("plain",))
    return plain.get_content().strip() if plain else source
