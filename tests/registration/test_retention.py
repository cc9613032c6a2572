"""When its time is over nobody of a meeting is known any more, and how many came still is."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.registration.tables import flow, registration
from shared.db.retention import past_their_terms
from shared.events.catalog import Meeting, MeetingChanged, SeatPlan
from tests.builders import a_meeting, tell
from tests.registration.conftest import World, comes_as


def nights(world: World, days: int) -> None:
    """Let that many days pass, and do what is due in the last night."""
    world.clock.now += timedelta(days=days)
    world.do_what_is_due()


def names(world: World) -> set[str]:
    """Who is known, in the registrations and in what was told of them."""
    with world.service.database.reading() as session:
        rows = set(session.scalars(select(registration.c.name)))
        told = [
            payload["registration"]["person"]["name"]
            for payload in session.scalars(select(flow.outbox.c.payload))
            if "registration" in payload
        ]
    return {*rows, *told} - {""}


def met(world: World, **more: Any) -> Meeting:
    """A meeting with one seat, which Anna has and Bram waits for; it is over a minute ago."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=1), target_groups=(), **more)
    world.sign_up(facts, "Anna", organisation="Gouda")
    world.sign_up(facts, "Bram")
    world.clock.now = facts.ends_at + timedelta(minutes=1)
    world.do_what_is_due()
    return facts


def test_who_waited_is_forgotten_after_a_week_and_who_came_after_sixty_days_but_not_that_they_came(
    world: World,
) -> None:
    facts = met(world)
    comes_as(world, "manager")
    counts = world.visitor.get("/registration/desk/inkoop/attendance?lang=nl").text

    known = []
    for days in (6, 2, 51, 2):
        nights(world, days)
        known.append(names(world))

    assert known == [{"Anna", "Bram"}, {"Anna"}, {"Anna"}, set()]
    assert world.visitor.get("/registration/desk/inkoop/attendance?lang=nl").text == counts
    assert world.counts_are_right()
    listed = world.get(facts, "registrations", headers=world.organiser()).json or []
    assert [(row["status"], row["name"], row["targetGroup"]) for row in listed] == [
        ("confirmed", "", "inkoper"),
        ("waitlisted", "", "inkoper"),
    ]


def test_a_meeting_says_for_itself_how_long_and_a_newer_word_counts(world: World) -> None:
    facts = met(world, retention_days=3)
    longer = a_meeting(id=facts.id, slug="inkoop", revision=2, retention_days=10)
    tell(world.service, MeetingChanged(meeting=longer))
    nights(world, 4)
    assert names(world) == {"Anna", "Bram"}
    tell(world.service, MeetingChanged(meeting=a_meeting(id=facts.id, slug="inkoop", revision=3, retention_days=3)))
    nights(world, 1)
    assert names(world) == set()


def test_a_report_stands_in_the_audit_log_and_what_is_still_to_be_erased_on_a_page(world: World) -> None:
    met(world)
    world.clock.now += timedelta(days=8)
    with world.service.database.reading() as session:
        dry = past_their_terms(session, world.service.terms, world.clock.now)
    assert [(found.term.table.name, found.count) for found in dry if found.count] == [("registration", 1)]
    comes_as(world, "manager")
    page = "/registration/audit/retention?lang=nl"
    assert "Bram" not in world.visitor.get(page).text
    assert names(world) == {"Anna", "Bram"}
    world.do_what_is_due()
    shown = world.visitor.get(page).text
    assert "7 dagen van wie geen plek had" in shown
    [report] = [
        line
        for line in world.visitor.get("/registration/v1/audit?act=retention.run", headers=world.organiser()).json or []
        if line["facts"]
    ]
    assert (report["by"], list(report["facts"].values())) == ("system", [1])
