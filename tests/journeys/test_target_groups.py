"""Target groups are invited: who asked for it gets an invitation for the calendar, and accepting it is signing up."""

import re
from collections.abc import Mapping
from typing import Any

from tests.journeys.kring import BASE_URL, MANAGER, Kring, mine_link, only
from tests.notifications.answering import answer
from tests.notifications.office import Mail


def test_a_subscriber_accepts_in_the_calendar_and_has_a_seat_in_the_same_entry(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    subscribe(kring, "Anna")
    started = invite(kring, meeting, targetGroups=["inkoper"])
    assert (started["people"], started["targetGroups"]) == (1, {"inkoper": 1})

    invited = only(kring.new_mail(), "anna@gemeente.example")
    entry = invited.entry
    assert invited.subject == entry.summary == "Uitnodiging: Samen circulair inkopen"
    assert (entry.method, entry.sequence, entry.partstat, entry.busy) == ("REQUEST", 0, "NEEDS-ACTION", "TENTATIVE")
    assert kring.seats(meeting)["taken"] == 0

    kring.drop(answer(invited, "ACCEPTED"))
    told = only(kring.new_mail(), "anna@gemeente.example")
    assert (told.subject, told.calendars) == ("U heeft een plek: Samen circulair inkopen", [])
    assert kring.attendees(meeting) == ["Anna"]
    assert progress(kring, meeting)["accepted"] == 1

    kring.drop(answer(invited, "DECLINED"))
    kring.settle()
    assert kring.attendees(meeting) == []


def test_what_the_meeting_must_know_is_asked_by_link_and_shown_at_the_desk(kring: Kring) -> None:
    question = {"id": "lunch", "label": {"nl": "Eet u mee?"}, "kind": "yes-no", "required": True}
    meeting = kring.publish(registration={"questions": [question]})
    subscribe(kring, "Anna")
    invite(kring, meeting, targetGroups=["inkoper"])
    kring.drop(answer(only(kring.new_mail(), "anna@gemeente.example"), "ACCEPTED"))
    told = only(kring.new_mail(), "anna@gemeente.example")
    assert "De organisator heeft nog enkele vragen aan u." in told.text
    assert "nog niet beantwoord" in kring.visitor().open(mine_link(told)).text


def test_who_is_only_invited_may_ask_for_another_time_pass_it_on_and_ask_again(kring: Kring) -> None:
    meeting = kring.publish(contact={"name": "Bureau", "email": "bureau@kantoor.example"})
    subscribe(kring, "Anna")
    invite(kring, meeting, targetGroups=["inkoper"])
    invited = only(kring.new_mail(), "anna@gemeente.example")

    kring.drop(answer(invited, "TENTATIVE", METHOD="COUNTER", COMMENT="Kan het een uur later?"))
    heard = kring.new_mail()
    stays = only(heard, "anna@gemeente.example")
    assert (stays.entry.method, stays.entry.sequence) == ("DECLINECOUNTER", invited.entry.sequence)
    assert "Kan het een uur later?" in only(heard, "bureau@kantoor.example").text

    kring.drop(answer(invited, "DELEGATED"))
    passed_on = only(kring.new_mail(), "anna@gemeente.example")
    assert f"/registration/meetings/{meeting['slug']}" in passed_on.text
    assert passed_on.calendars == []

    kring.drop(answer(invited, "NEEDS-ACTION", METHOD="REFRESH"))
    again = only(kring.new_mail(), "anna@gemeente.example")
    assert (again.entry.method, again.entry.sequence) == ("REQUEST", invited.entry.sequence)
    assert (again.entry.partstat, again.entry.stamped_at > stays.entry.stamped_at) == ("NEEDS-ACTION", True)
    assert (kring.attendees(meeting), progress(kring, meeting)["accepted"]) == ([], 0)


def subscribe(kring: Kring, name: str, **changes: Any) -> None:
    """Ask to be invited, and confirm it with the button behind the mailed link."""
    wish = {"name": name, "email": f"{name.lower()}@gemeente.example", "targetGroup": "inkoper", "regions": ["PV26"]}
    asked = kring.ask("POST", "/notifications/v1/subscriptions", headers={}, json={**wish, **changes})
    assert asked.status_code == 202, asked.text
    mail = only(kring.new_mail(), str({**wish, **changes}["email"]))
    visitor = kring.visitor()
    page = visitor.press(visitor.open(link_to(mail, "/notifications/subscriptions/")))
    assert "U wordt uitgenodigd" in page.text


def invite(kring: Kring, meeting: Mapping[str, Any], **wish: Any) -> dict[str, Any]:
    """Start a campaign; gives what the organiser is told."""
    path = f"/notifications/v1/meetings/{meeting['id']}/campaigns"
    started = kring.ask("POST", path, headers=MANAGER, json=wish)
    assert started.status_code == 202, started.text
    return dict(started.json)  # type: ignore[arg-type]  # an object


def progress(kring: Kring, meeting: Mapping[str, Any]) -> dict[str, Any]:
    """How far the newest campaign is."""
    found = kring.ask("GET", f"/notifications/v1/meetings/{meeting['id']}/campaigns")
    return dict(found.json[0])  # type: ignore[index]  # a list


def link_to(mail: Mail, path: str) -> str:
    """The link in the plain text that leads to ``path``, alone on a line."""
    (link,) = re.findall(rf"^{re.escape(BASE_URL)}({re.escape(path)}\S+)$", mail.text, re.MULTILINE)
    return str(link)
