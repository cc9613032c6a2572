"""What came in and could not be handled: managers see it, have it handled again, or give it up with a reason."""

from typing import Any

import pytest

from shared.bus.inbox import Inbox
from shared.events.catalog import MeetingPublished
from tests.builders import a_meeting, sealed
from tests.registration.conftest import World, comes_as, csrf

PAGE = "/registration/audit/messages"


def inbox_of(world: World) -> Inbox:
    inbox = world.service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    return inbox


@pytest.fixture
def poisoned(world: World) -> World:
    """Catalog's queue held something that is no event, and with it somebody's address."""
    inbox_of(world).take(
        [b'{"no": "event", "of": "jan@gemeente.example"}', sealed(MeetingPublished(meeting=a_meeting()))], "catalog"
    )
    return world


def send(world: World, **typed: Any) -> int:
    token = csrf(world.visitor.get(PAGE))
    (row,) = inbox_of(world).unhandled()
    return world.visitor.post(PAGE, data={"csrf_token": token, "id": row.id, **typed}).status_code


def test_a_manager_gives_up_what_nobody_can_handle_and_says_why(poisoned: World) -> None:
    comes_as(poisoned, "manager", name="Noor")
    shown = poisoned.visitor.get(PAGE).text
    assert "deze versie kent dit bericht niet" in shown
    assert "jan@gemeente.example" not in shown, "what it says is nobody's to read here"

    assert send(poisoned, act="drop") == 400
    assert send(poisoned, act="retry") == 303
    inbox_of(poisoned).pulse()
    assert [row.state for row in inbox_of(poisoned).unhandled()] == ["parked"], "it is still no event"

    assert send(poisoned, act="drop", reason="Verkeerd ingesteld programma") == 303
    assert inbox_of(poisoned).unhandled() == []
    assert "Alles wat binnenkwam, is verwerkt" in poisoned.visitor.get(PAGE).text
    log = poisoned.visitor.get("/registration/v1/audit", headers=poisoned.organiser("auditor")).json or []
    assert [(each["act"], each["why"]) for each in log if each["act"].startswith("event.")] == [
        ("event.dropped", "Verkeerd ingesteld programma"),
        ("event.retried", None),
    ]


def test_an_auditor_looks_and_changes_nothing(poisoned: World) -> None:
    comes_as(poisoned, "auditor", name="Saar")
    shown = poisoned.visitor.get(PAGE)
    assert "deze versie kent dit bericht niet" in shown.text
    assert 'name="act"' not in shown.text
    assert poisoned.visitor.post(PAGE, data={"id": "x", "act": "retry"}).status_code in {400, 403}
    assert len(inbox_of(poisoned).unhandled()) == 1
