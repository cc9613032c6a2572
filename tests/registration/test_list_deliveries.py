"""Attendee lists that go out by themselves: told once at their moments, and a file only behind a button and a name."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from services.registration.rules.deliveries import planned
from shared.events.catalog import ListDelivery, Meeting, MeetingCancelled, MeetingChanged
from tests.builders import NOON, tell
from tests.registration.conftest import World, comes_as, csrf

DESK = ListDelivery(hours_before=24, email="noor@kring.example", name="Noor", target_group="inkoper", purpose="full")
RECEPTION = ListDelivery(hours_before=24, email="receptie@stadhuis.example", as_file=True)
AFTER = replace(DESK, hours_before=-24, target_group=None)
DAY_BEFORE = NOON - timedelta(days=1)


def meeting(world: World) -> Meeting:
    facts = world.publish(target_groups=(), list_deliveries=(DESK, RECEPTION, AFTER))
    for name, group in (("Anna", "inkoper"), ("Bram", "bestuurder")):
        assert world.sign_up(facts, name, group).status_code == 201
    return facts


def delivered(world: World, at: datetime) -> list[Any]:
    """What is told because the time came."""
    before = len(world.told("list.delivered"))
    world.clock.now = at
    world.do_what_is_due()
    return world.told("list.delivered")[before:]


def test_each_list_is_told_once_at_its_moment_to_whom_the_meeting_names(world: World) -> None:
    facts = meeting(world)
    assert delivered(world, DAY_BEFORE - timedelta(minutes=1)) == []
    told = {each.to.email: each for each in delivered(world, DAY_BEFORE)}
    assert set(told) == {DESK.email, RECEPTION.email}
    assert (told[DESK.email].target_group, told[DESK.email].as_file) == ("inkoper", False)
    assert (told[RECEPTION.email].purpose, told[RECEPTION.email].as_file) == ("reception", True)
    tell(world.service, MeetingChanged(meeting=replace(facts, revision=2, survey_url="https://vragen.example")))
    assert delivered(world, DAY_BEFORE + timedelta(hours=1)) == []
    assert len(delivered(world, NOON + timedelta(days=1))) == 1


def test_lists_move_with_their_meeting_and_are_gone_with_it_and_none_comes_too_late(world: World) -> None:
    facts = meeting(world)
    week = timedelta(days=7)
    later = replace(facts, revision=2, starts_at=NOON + week, ends_at=NOON + week + timedelta(hours=3))
    tell(world.service, MeetingChanged(meeting=later))
    assert delivered(world, DAY_BEFORE) == []
    assert len(delivered(world, DAY_BEFORE + week)) == 2
    tell(world.service, MeetingCancelled(meeting=replace(later, revision=3, status="cancelled")))
    assert delivered(world, NOON + week + timedelta(days=1)) == []
    world.publish(list_deliveries=(DESK, AFTER))
    assert delivered(world, world.clock.now) == []


def test_days_are_counted_on_the_clock_of_the_wall() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    start = datetime(2027, 10, 31, 14, 0, tzinfo=amsterdam)  # the night before has 25 hours
    moments = [moment for moment, _ in planned([DESK, AFTER], start, "Europe/Amsterdam")]
    assert moments == [datetime(2027, month, day, 14, 0, tzinfo=amsterdam) for month, day in ((10, 30), (11, 1))]


def test_the_file_comes_by_a_button_behind_the_link_and_is_on_record_under_its_address(world: World) -> None:
    facts = meeting(world)
    (told,) = [each for each in delivered(world, DAY_BEFORE) if each.as_file]
    address = link(world, told)
    shown = world.visitor.get(address)
    assert shown.status_code == 200
    assert ("Anna" in shown.text, seen_by(world, facts)) == (False, [])
    file = world.visitor.post(address, data={"csrf_token": csrf(shown)})
    assert file.status_code == 200
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(file.data)).worksheets[0]]
    assert rows[0] == ["Naam", "Organisatie"]
    assert sorted(str(row[0]) for row in rows[1:]) == ["Anna", "Bram"]
    assert len(seen_by(world, facts)) == 1


def test_a_link_to_a_file_opens_nothing_once_its_person_is_named_no_more_or_it_has_run_out(world: World) -> None:
    facts = meeting(world)
    told = {each.as_file: each for each in delivered(world, DAY_BEFORE)}
    address = link(world, told[True])
    assert world.visitor.get(address).status_code == 200
    assert world.visitor.get(link(world, told[False])).status_code == 404
    assert world.visitor.get("/registration/lists/made-up").status_code == 404
    for changed in (replace(RECEPTION, purpose="door"), replace(RECEPTION, as_file=False)):
        facts = replace(facts, revision=facts.revision + 1, list_deliveries=(DESK, changed))
        tell(world.service, MeetingChanged(meeting=facts))
        assert world.visitor.get(address).status_code == 404
    tell(world.service, MeetingChanged(meeting=replace(facts, revision=9, list_deliveries=(RECEPTION,))))
    assert world.visitor.get(address).status_code == 200
    gone = world.links.sign("attendee-list", told[True].id, valid_until=DAY_BEFORE - timedelta(days=400))
    assert world.visitor.get(f"/registration/lists/{gone}").status_code == 404


def link(world: World, told: Any) -> str:
    """The link that the mail holds, as notifications signs it."""
    token = world.links.sign("attendee-list", told.id, valid_until=told.valid_until)
    return f"/registration/lists/{token}"


def seen_by(world: World, facts: Meeting) -> list[str]:
    """The lines of the page that says who opened a list, with this address in them."""
    comes_as(world, "manager")
    page = world.visitor.get(f"/registration/desk/{facts.slug}/list-access").text
    return [line for line in page.splitlines() if RECEPTION.email in line]
