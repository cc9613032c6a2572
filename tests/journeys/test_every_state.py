"""One meeting through every state of a registration: its people know nothing but what their mails say."""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from tests.faults.invariants import broken
from tests.journeys.kring import BASE_URL, MANAGER, Kring, mine_link
from tests.journeys.pages import form_of
from tests.notifications.office import Entry, Mail

LINK = "https://video.example/kamer"
TERMS: dict[str, Any] = {
    "attendanceMode": "mixed",
    "onlineUrl": LINK,
    "seatPlan": {"capacity": 1, "promotion": "offer"},
    "registration": {"confirmFirst": True, "approval": True},
}
TITLE = "Samen circulair inkopen"


@dataclass
class Someone:
    """A person with a mailbox, and a calendar program that does what the mails in it say."""

    kring: Kring
    name: str
    mails: list[Mail] = field(default_factory=list)
    calendar: dict[str, Entry] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.name.lower()}@gemeente.example"

    @property
    def entry(self) -> Entry:
        """The one entry that stands in the calendar."""
        (entry,) = self.calendar.values()
        return entry

    def receives(self, mail: Mail) -> None:
        self.mails.append(mail)
        if mail.calendars:
            self.calendar.pop(mail.entry.uid, None)
            if mail.entry.method == "REQUEST":
                self.calendar[mail.entry.uid] = mail.entry

    def press(self, form: str, **chosen: str) -> None:
        """Follow the link in the newest mail, and press the button of the form that leads to ``form``."""
        visitor = self.kring.visitor()
        page = visitor.open(mine_link(self.mails[-1]))
        answer = visitor.submit(form_of(page.text, form), **chosen)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def people(kring: Kring) -> list[Someone]:
    return [Someone(kring, name) for name in ("Anna", "Bram", "Cora", "Dirk", "Emma", "Finn")]


def test_each_person_hears_in_every_state_what_is_true_and_their_calendar_holds_it(
    kring: Kring, people: list[Someone]
) -> None:
    anna, bram, cora, dirk, emma, finn = people
    hear = partial(new_mail, kring, people)
    meeting = kring.publish(**TERMS)
    for someone in (anna, bram, cora, dirk):
        kring.sign_up(meeting, someone.name)
    kring.sign_up(meeting, "Finn", attendance="online")

    assert hear() == dict.fromkeys(("Anna", "Bram", "Cora", "Dirk", "Finn"), "Graag bevestigen")
    for someone in (anna, bram, cora, dirk, finn):
        someone.press("/confirmation")
    assert hear() == dict.fromkeys(("Anna", "Bram", "Cora", "Dirk", "Finn"), "Uw aanvraag is binnen")

    decide(kring, meeting, {"Anna": True, "Bram": True, "Cora": True, "Dirk": False, "Finn": True})
    assert hear() == {
        "Anna": "U heeft een plek",
        "Bram": "U staat op de wachtlijst",
        "Cora": "U staat op de wachtlijst",
        "Dirk": "Geen plek voor u",
        "Finn": "U heeft een plek",
    }
    assert "De reden: Deze keer zonder u." in dirk.mails[-1].text
    assert "U bent nummer 2 op de wachtlijst." in cora.mails[-1].text
    assert (anna.entry.busy, anna.entry.sequence, finn.entry.location) == ("BUSY", 0, LINK)
    finn.press("/attendance", attendance="venue")  # full: online until there is a seat
    assert hear() == {}

    anna.press(f"/r/{id_of(kring, meeting, 'Anna')}", reason="")
    assert hear() == {"Anna": "U bent afgemeld", "Bram": "Plek aangeboden, antwoord vóór 2 februari 10.00 uur"}
    assert (anna.calendar, bram.entry.busy) == ({}, "TENTATIVE")
    assert bram.entry.summary == f"Plek aangeboden, antwoord vóór 2 februari 10.00 uur: {TITLE}"

    kring.clock.forward(hours=24)
    assert hear() == {
        "Bram": "De aangeboden plek is vervallen",
        "Cora": "Plek aangeboden, antwoord vóór 3 februari 10.00 uur",
    }
    assert bram.calendar == {}
    offered = cora.entry
    cora.press("/offer", answer="accepted")
    assert hear() == {"Cora": "U heeft een plek"}
    assert (cora.entry.uid, cora.entry.sequence) == (offered.uid, 1)
    assert (cora.entry.partstat, cora.entry.busy, cora.entry.summary) == ("ACCEPTED", "BUSY", TITLE)

    hand_over(cora, emma)
    assert hear() == {"Emma": "Cora wil een plek aan u doorgeven"}
    take_over(emma)
    assert hear() == {"Cora": "U bent afgemeld", "Emma": "U heeft een plek"}
    assert "Uw collega heeft nu uw plek" in cora.mails[-1].text
    assert (cora.calendar, emma.entry.sequence, emma.entry.uid != offered.uid) == ({}, 0, True)

    emma.press(f"/r/{id_of(kring, meeting, 'Emma')}", reason="")
    assert hear() == {"Emma": "U bent afgemeld", "Finn": "Gewijzigd"}
    assert "Er is nu een plek voor u op de locatie." in finn.mails[-1].text
    assert (finn.entry.location, finn.entry.sequence) == ("Stadhuis, Stadsplateau 1, 3521 AZ Utrecht", 1)

    moved = {"venue": {"name": "Provinciehuis", "address": "Archimedeslaan 6", "postalCode": "3584 BA"}}
    change = kring.ask("PATCH", f"/v1/meetings/{meeting['id']}", {**MANAGER, "If-Match": "*"}, json=moved)
    assert change.status_code == 200, change.text
    assert hear() == {"Finn": "Gewijzigd"}
    assert (finn.entry.location, finn.entry.sequence) == ("Provinciehuis, Archimedeslaan 6, 3584 BA Utrecht", 2)

    kring.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={"reason": "De zaal is dicht."})
    assert hear() == {"Finn": "Afgelast"}
    assert [someone.calendar for someone in people] == [{}] * len(people)
    assert broken(kring.databases, kring.folder, kring.clock()) == []


def new_mail(kring: Kring, people: list[Someone]) -> dict[str, str]:
    """What each was mailed now: the subject without the title; nobody gets two mails at a time, and nobody else any."""
    subjects = {}
    mails = kring.new_mail()
    for someone in people:
        for mail in mails.pop(someone.address, []):
            assert someone.name not in subjects, f"{someone.name} got two mails"
            someone.receives(mail)
            subjects[someone.name] = mail.subject.replace(f": {TITLE}", "")
    assert mails == {}
    return subjects


def decide(kring: Kring, meeting: dict[str, Any], decisions: dict[str, bool]) -> None:
    for name, approved in decisions.items():
        answer = kring.ask(
            "PUT",
            f"/registration/v1/registrations/{id_of(kring, meeting, name)}/approval",
            json={"approved": approved, "reason": "" if approved else "Deze keer zonder u."},
        )
        assert answer.status_code == 200, answer.text


def hand_over(giver: Someone, colleague: Someone) -> None:
    visitor = giver.kring.visitor()
    own = visitor.open(mine_link(giver.mails[-1]))
    (way,) = set(re.findall(r'href="(\S+/transfers)"', own.text))
    answer = visitor.press(visitor.get(way), name=colleague.name, email=colleague.address)
    assert answer.status_code == 200, answer.text


def take_over(someone: Someone) -> None:
    visitor = someone.kring.visitor()
    (link,) = [line for line in someone.mails[-1].text.splitlines() if line.startswith(f"{BASE_URL}/registration/tr")]
    assert visitor.press(visitor.open(link)).status_code == 200


def id_of(kring: Kring, meeting: dict[str, Any], name: str) -> str:
    rows = kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json or []
    (found,) = [row["id"] for row in rows if row["name"] == name]
    return str(found)
