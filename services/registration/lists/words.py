"""The words of a list, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.references import references
from shared.i18n import N_, _, current_translator, in_words
from shared.i18n.moments import moment_text

STATUSES: Mapping[str, str] = {
    "unconfirmed": N_("Has to confirm by mail"),
    "requested": N_("Waits for your decision"),
    "rejected": N_("Turned down"),
    "confirmed": N_("Has a seat"),
    "waitlisted": N_("On the waiting list"),
    "offered": N_("Has an offered seat"),
    "declined": N_("Did not want the offered seat"),
    "expired": N_("Did not answer the offer"),
    "cancelled": N_("Signed off"),
    "attended": N_("Came"),
    "no_show": N_("Did not come"),
}
"""Each status as organisers read it, in the order in which a registration goes through them."""

ATTENDANCES: Mapping[str, str] = {"venue": N_("At the venue"), "online": N_("Online")}
KINDS: Mapping[str, str] = {"participant": N_("Participant"), "speaker": N_("Speaker"), "team": N_("Team")}
ORGANISATION_KINDS: Mapping[str, str] = {
    "municipality": N_("Municipality"),
    "province": N_("Province"),
    "water-board": N_("Water board"),
    "": N_("Other or unknown"),
}
ANSWERS: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No")}

PURPOSES: Mapping[str, str] = {
    "full": N_("Everything"),
    "door": N_("Receiving people at the door"),
    "catering": N_("Catering: numbers only"),
    "reception": N_("Reception of the building"),
    "participants": N_("The other participants"),
    "report": N_("Report: numbers only"),
}
FORMS: Mapping[str, str] = {
    "page": N_("On screen"),
    "json": "JSON",
    "csv": "CSV",
    "xlsx": "XLSX",
    "pdf": "PDF",
    "badges": N_("Badges"),
}


def spoken(words: Mapping[str, str]) -> dict[str, str]:
    """The same words, in the reader's language."""
    return {code: _(word) for code, word in words.items()}


def mail_words(lost_since: datetime | None) -> str:
    """What there is to say about mail to someone; nothing where it arrives."""
    if lost_since is None:
        return ""
    return _("mail does not arrive since %(moment)s", moment=moment_text(lost_since, current_translator().language))


def group_words(session: Session, *meetings: Row[Any]) -> dict[str, str]:
    """The words of all target groups by code; the meetings' own words come first."""
    words = {group["code"]: in_words(group["labels"]) for meeting in meetings for group in meeting.target_groups}
    return words | {
        row.code: in_words(row.labels) for row in references(session, "target-group") if row.code not in words
    }
