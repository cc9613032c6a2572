"""The list and the pages of meetings are kept in memory, and are at every moment what a fresh process would show."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from services.catalog.app import build
from services.catalog.settings import Settings
from shared.db.transaction import new_id
from shared.events.registration import MessageWritten, SeatsChanged
from shared.web.app import settings_of
from tests.builders import tell
from tests.catalog.conftest import World
from tests.catalog.test_files import PDF, add
from tests.catalog.test_knowledge import QUESTION, gather

SEATS = SeatsChanged(meeting_id="", capacity=40, taken=12, free=28, waiting=0)
"""What registration tells of a meeting."""


def move(world: World, meeting: dict[str, str]) -> None:
    world.change(meeting["id"], {"title": {"nl": "Samen eerlijk inkopen"}})


def note_seats(world: World, meeting: dict[str, str]) -> None:
    tell(world.service, replace(SEATS, meeting_id=meeting["id"]))


def show_seats(world: World, meeting: dict[str, str]) -> None:
    note_seats(world, meeting)
    tell(world.service, replace(SEATS, meeting_id=meeting["id"], taken=13, free=27), version=2)
    world.clock.forward(minutes=1)
    assert "28" in world.public.get(f"/meetings/{meeting['slug']}").text  # somebody looks before the worker does
    world.work()


def warn(world: World, meeting: dict[str, str]) -> None:
    until = world.clock.now.replace(hour=23)
    said = MessageWritten(
        id=new_id(), meeting_id=meeting["id"], subject="De brug is dicht", text="-", urgent=True, shown_until=until
    )
    tell(world.service, said)


def rename_the_region(world: World, _meeting: dict[str, str]) -> None:
    world.ask("PUT", "/v1/regions/PV26", json={"labels": {"nl": "Midden", "en": "Centre"}})


def call_off(world: World, meeting: dict[str, str]) -> None:
    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation")


def let_it_begin(world: World, _meeting: dict[str, str]) -> None:
    world.clock.now = world.clock.now.replace(month=6, day=10, hour=12, minute=1)


@pytest.mark.parametrize("happens", [move, note_seats, show_seats, warn, rename_the_region, call_off, let_it_begin])
def test_what_changes_is_seen_at_once(world: World, happens: Callable[[World, dict[str, str]], None]) -> None:
    meeting = world.publish()
    _is_seen(world, meeting, lambda: happens(world, meeting))


def test_so_is_what_hangs_on_a_meeting(world: World, manager: FlaskClient) -> None:
    meeting = world.publish()
    files = f"/organise/meetings/{meeting['id']}/files"
    _is_seen(world, meeting, lambda: add(manager, files, "verslag.pdf", PDF, **{"title.nl": "Het verslag"}))
    _is_seen(world, meeting, lambda: gather(world, {**QUESTION, "meetings": [meeting["id"]]}))
    other = world.publish(title={"nl": "Een tweede"})
    assert "Een tweede" in world.public.get("/meetings").text
    assert "Een tweede" not in world.public.get(f"/meetings/{meeting['slug']}").text
    assert other["slug"] in world.public.get("/meetings?q=tweede").text
    assert other["slug"] not in world.public.get("/meetings?q=eerlijk").text


def test_everyone_has_their_own_language_and_organisers_their_own_page(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/meetings/{meeting['slug']}"
    pages = [world.public.get(path, headers={"Accept-Language": each}).text for each in ("nl", "en", "nl")]
    assert pages[0] == pages[2]
    assert "Buying circular together" in pages[1]
    assert "/registration/desk" in organiser.get(path).text
    assert "/registration/desk" not in world.public.get(path, headers={"Accept-Language": "nl"}).text


def _is_seen(world: World, meeting: dict[str, str], happens: Callable[[], object]) -> None:
    """On the meeting's page or in the list; both are what a process shows that has kept nothing."""
    paths = ("/meetings", f"/meetings/{meeting['slug']}")
    before = [world.public.get(path).text for path in paths]
    assert before == [world.public.get(path).text for path in paths]
    happens()
    after = [world.public.get(path).text for path in paths]
    fresh = build(Settings(settings_of(world.service.app)), clock=world.clock)
    client = fresh.app.test_client()
    assert after == [client.get(path).text for path in paths]
    assert after != before
    fresh.database.engine.dispose()
