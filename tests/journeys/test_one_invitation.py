"""However often and by whatever way somebody comes to a meeting, their calendar holds one entry of it."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.journeys.itip import CalendarProgram
from tests.journeys.kring import MANAGER, Kring
from tests.journeys.test_every_state import Someone, hand_over, id_of, take_over
from tests.notifications.answering import answer
from tests.notifications.office import Mail

ANNA = "anna@gemeente.example"


@dataclass
class Calendar:
    """What Anna's program made of her mail so far; ``declined`` is what she said no to in it."""

    kring: Kring
    meeting: dict[str, Any]
    program: CalendarProgram = field(default_factory=CalendarProgram)
    mails: list[Mail] = field(default_factory=list)
    others: dict[str, list[Mail]] = field(default_factory=dict)

    def holds(self) -> list[str]:
        """Let everything happen; the UIDs that stand in the calendar, no more of them than live in the API."""
        for address, mails in self.kring.new_mail().items():
            for mail in mails:
                if address.lower() == ANNA:
                    self.program.receive(mail)
                    self.mails.append(mail)
                else:
                    self.others.setdefault(address, []).append(mail)
        invitations = self.kring.ask("GET", f"/notifications/v1/meetings/{self.meeting['id']}/invitations").json or []
        live = [each for each in invitations if each["email"].lower() == ANNA and each["state"] == "live"]
        shown = [entry.uid for entry in self.program.shown()]
        assert [each["uid"] for each in live if each["answer"] != "declined"] == shown
        return shown


def test_whichever_way_somebody_comes_the_calendar_holds_one_entry(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 2})
    calendar = Calendar(kring, meeting)
    kring.sign_up(meeting, "Anna")
    (first,) = calendar.holds()
    kring.sign_up(meeting, "Anna", email="  ANNA@Gemeente.EXAMPLE ")
    assert calendar.holds() == [first]

    kring.clock.forward(minutes=1)
    kring.drop(calendar.program.answer("DECLINED", kring.clock.now))
    assert calendar.holds() == []
    kring.sign_up(meeting, "Anna")
    (second,) = calendar.holds()
    assert second != first

    old = calendar.program.entries[first]
    kring.clock.forward(minutes=1)
    kring.drop(answer(old.mail, "ACCEPTED", at=kring.clock.now))
    calendar.program.entries[first] = replace(old, partstat="ACCEPTED")  # she presses Accept in the old one
    assert calendar.holds() == [second]

    mine = "/registration/v1/registrations/" + id_of(kring, meeting, "Anna")
    kring.ask("PUT", f"{mine}/cancellation", json={})
    assert calendar.holds() == []
    bram = Someone(kring, "Bram")
    kring.sign_up(meeting, "Bram")
    calendar.holds()
    bram.mails += calendar.others[bram.address]
    hand_over(bram, Someone(kring, "Anna"))
    calendar.holds()
    take_over(Someone(kring, "Anna", calendar.mails))
    (third,) = calendar.holds()
    assert third not in (first, second)

    by_hand = f"/registration/v1/meetings/{meeting['id']}/desk-registrations"
    person = {"name": "Anna", "email": ANNA, "targetGroup": "inkoper", "reason": "belde op"}
    assert kring.ask("POST", by_hand, json=person).status_code == 409
    moved = {"startsAt": "2027-06-10T10:00"}
    kring.ask("PATCH", f"/v1/meetings/{meeting['id']}", {**MANAGER, "If-Match": "*"}, json=moved)
    assert calendar.holds() == [third]
    kring.ask("PUT", f"{mine}/cancellation", json={})
    calendar.holds()
    assert kring.ask("POST", by_hand, json=person).status_code == 201
    (fourth,) = calendar.holds()
    assert fourth not in (first, second, third)


def test_an_offer_that_is_taken_is_the_same_entry(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1, "promotion": "offer"})
    calendar = Calendar(kring, meeting)
    kring.sign_up(meeting, "Bram")
    kring.sign_up(meeting, "Anna")
    assert calendar.holds() == []
    kring.ask("PUT", f"/registration/v1/registrations/{id_of(kring, meeting, 'Bram')}/cancellation", json={})
    (offered,) = calendar.holds()
    kring.sign_up(meeting, "Anna")
    assert calendar.holds() == [offered]
    kring.clock.forward(minutes=1)
    kring.drop(calendar.program.answer("ACCEPTED", kring.clock.now))
    assert calendar.holds() == [offered]
    assert kring.attendees(meeting) == ["Anna"]
    kring.sign_up(meeting, "Anna")
    assert calendar.holds() == [offered]
