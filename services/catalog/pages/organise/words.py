"""What the fields of a meeting are called, and what stands in them, in words for organisers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.forms.edit import MOMENTS
from services.catalog.rules.meeting import in_language
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.i18n.moments import moment_text

FIELDS: Mapping[str, str] = {
    "title.nl": N_("Title in Dutch"),
    "title.en": N_("Title in English"),
    "summary.nl": N_("In one sentence, in Dutch"),
    "summary.en": N_("In one sentence, in English"),
    "description.nl": N_("About the meeting, in Dutch"),
    "description.en": N_("About the meeting, in English"),
    "format": N_("Kind of meeting"),
    "startsAt": N_("Start"),
    "endsAt": N_("End"),
    "doorsOpenAt": N_("Doors open"),
    "publishAt": N_("Is published by itself at"),
    "timeZone": N_("Time zone"),
    "attendanceMode": N_("How people take part"),
    "venue.name": N_("Name of the venue"),
    "venue.address": N_("Street and number"),
    "venue.postalCode": N_("Postcode"),
    "venue.city": N_("Town"),
    "onlineUrl": N_("Link for who takes part online"),
    "travelInfo.nl": N_("How to get there, in Dutch"),
    "travelInfo.en": N_("How to get there, in English"),
    "accessibilityInfo.nl": N_("Accessibility of the place, in Dutch"),
    "accessibilityInfo.en": N_("Accessibility of the place, in English"),
    "costNote.nl": N_("What it costs, in Dutch"),
    "costNote.en": N_("What it costs, in English"),
    "regions": N_("Regions"),
    "targetGroups": N_("Target groups"),
    "themes": N_("Themes"),
    "visibility": N_("Who finds it"),
    "series": N_("Series"),
    "organiser.name": N_("Organiser"),
    "organiser.email": N_("Mail address of the organiser"),
    "organiser.phone": N_("Phone number of the organiser"),
    "contact.name": N_("Contact for questions"),
    "contact.email": N_("Mail address for questions"),
    "contact.phone": N_("Phone number, also on the day itself"),
    "controller": N_("Who is responsible for personal data"),
    "sessions": N_("Programme"),
    "seatPlan.capacity": N_("Number of seats"),
    "seatPlan.onlineCapacity": N_("Number of places online"),
    "seatPlan.releaseAt": N_("Reserved seats are released at"),
    "seatPlan.waitingList": N_("When it is full"),
    "seatPlan.promotion": N_("Who waits gets a free seat"),
    "seatPlan.offerHours": N_("Hours to answer an offer"),
    "seatPlan.cutoffHours": N_("Hours before the start from which a free seat is only offered"),
    "registration.opensAt": N_("Sign-up opens"),
    "registration.closesAt": N_("Sign-up closes"),
    "registration.cancelFreeUntilHours": N_("Hours before the start until which you like people to sign off"),
    "registration.approval": N_("You decide about each registration"),
    "registration.confirmFirst": N_("People confirm by a link in a mail before they get a seat"),
    "registration.otherRoles": N_("People of other target groups may sign up too"),
    "registration.transferAnyone": N_("A seat may be handed over to someone of another organisation"),
    "registration.askAccess": N_("Ask what people need to take part, such as an interpreter"),
    "registration.askDiet": N_("Ask what people may not eat"),
    "registration.askPhone": N_("Ask for a phone number for changes on the day"),
    "registration.questions": N_("Questions to who signs up"),
    "reminders": N_("When people with a seat are reminded"),
    "listDeliveries": N_("Attendee lists that go out by themselves"),
    "surveyUrl": N_("Link to a survey, for afterwards"),
    "documents": N_("Documents"),
    "retentionDays": N_("Days after the meeting that personal data are kept"),
}
"""As they stand on the page of the meeting."""

_PER_GROUP = {"reserved": N_("Reserved seats"), "maximum": N_("At most")}
_IN_A_GROUP = re.compile(r"seatPlan\.(reserved|maximum)\.(.+)")
_KINDS = {"regions": "region", "targetGroups": "target-group", "themes": "theme"}
_CHOICES: Mapping[str, Mapping[Any, str]] = {
    "attendanceMode": {"offline": N_("at the venue"), "online": N_("online"), "mixed": N_("at the venue or online")},
    "visibility": {"public": N_("everyone"), "unlisted": N_("who has the address"), "invited": N_("who is invited")},
    "waitingList": {True: N_("people can join the waiting list"), False: N_("nobody can sign up any more")},
    "promotion": {
        "automatic": N_("by itself"),
        "offer": N_("by an offer to answer"),
        "manual": N_("only by you"),
    },
    "kind": {
        "text": N_("in one's own words"),
        "choice": N_("one of the options"),
        "several": N_("any of the options"),
        "yes-no": N_("yes or no"),
    },
}


@dataclass(frozen=True)
class Words:
    """The words of the network by kind and code, in the language spoken now; times are by the clock of ``zone``."""

    labels: Mapping[tuple[str, str], str]
    zone: str

    def field(self, name: str) -> str:
        """What a field is called."""
        group = _IN_A_GROUP.fullmatch(name)
        if group:
            return f"{_(_PER_GROUP[group[1]])}: {self._label('target-group', group[2])}"
        return _(FIELDS[name]) if name in FIELDS else name

    def value(self, name: str, value: Any) -> str:
        """What stands in a field."""
        last = name.rpartition(".")[2]
        if value is None:
            return ""
        if last in _CHOICES:
            return _(_CHOICES[last][value])
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if last in MOMENTS:
            return moment_text(datetime.fromisoformat(value), current_translator().language, self.zone)
        if isinstance(value, list):
            return self._list(last, value)
        return ", ".join(self._members(value)) if isinstance(value, dict) else str(value)

    def _list(self, name: str, values: list[Any]) -> str:
        if name in _KINDS:
            return ", ".join(self._label(_KINDS[name], code) for code in values)
        return "; ".join(self.value("", each) for each in values)

    def _members(self, row: Mapping[str, Any]) -> Iterator[str]:
        """What is said in a row of a list, such as a part of the programme."""
        for name, value in row.items():
            said = self.value(name, value)
            if said and name != "id":
                yield said

    def _label(self, kind: str, code: str) -> str:
        return self.labels.get((kind, code), code)


def words_in(session: Session, zone: str) -> Words:
    """The words of the network in the language spoken now."""
    language = current_translator().language
    known = queries.all_references(session)
    return Words({key: in_language(word.labels, language) for key, word in known.items()}, zone)
