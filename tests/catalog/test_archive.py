"""What is over leaves the lists, and keeps its page, its documents and its facts."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.catalog.conftest import World

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def on(day: str, title: str) -> dict[str, Any]:
    return {"startsAt": f"2027-{day}T10:00", "endsAt": f"2027-{day}T12:00", "title": {"nl": title}}


def listed(client: "FlaskClient", path: str) -> list[str]:
    """The titles in a list, in its order."""
    answer = client.get(path)
    assert answer.status_code == 200
    return re.findall(r'href="/(?:organise/)?meetings/[a-z0-9-]+">(Over [^<]+)</a>', answer.text)


def test_what_is_over_is_found_by_who_looks_back(world: World, organiser: "FlaskClient") -> None:
    slides = {"title": {"nl": "De presentatie"}, "url": "https://kring.example/presentatie"}
    first = world.publish(**on("05-10", "Over inkopen"), documents=[slides])
    off = world.publish(**on("05-12", "Over storm"))
    world.publish(**on("05-20", "Over vandaag"))
    world.publish(**on("06-20", "Over straks"), region="PV20")
    world.draft(**on("05-11", "Over ooit"))
    world.ask("POST", f"/v1/meetings/{off['id']}/cancellation", json={"reason": "Storm"})
    assert listed(world.public, "/meetings") == ["Over inkopen", "Over storm", "Over vandaag", "Over straks"]

    world.clock.now = datetime(2027, 5, 20, 13, tzinfo=UTC)
    world.work()
    assert listed(world.public, "/meetings") == ["Over straks"]
    back = re.search(r'href="([^"]+)">Eerdere bijeenkomsten', world.public.get("/meetings?lang=nl").text)
    assert back
    assert listed(world.public, unescape(back[1])) == ["Over vandaag", "Over storm", "Over inkopen"]
    assert listed(world.public, "/meetings?until=2027-05-11&region=PV26") == ["Over inkopen"]
    assert listed(world.public, "/meetings?until=2027-06-30") == ["Over straks"]
    assert listed(world.public, "/meetings?from=2027-05-11&until=2027-05-13") == ["Over storm"]

    page = world.public.get(f"/meetings/{first['slug']}").text
    assert "De presentatie" in page
    assert "Stadsplateau 1" in page
    assert listed(organiser, "/organise/") == ["Over ooit"]
    assert listed(organiser, "/organise/past") == ["Over vandaag", "Over storm", "Over inkopen"]


def test_a_long_list_of_an_organiser_turns_its_pages(world: World, organiser: "FlaskClient") -> None:
    original = world.draft(**on("07-01", "Over en weer"), series="Over")
    for _times in range(7):
        world.ask("POST", "/v1/series/Over/copies", json={"days": 1})
    found = [len(listed(organiser, f"/organise/?page={page}")) for page in ("1", "2", "3", "0", "x")]
    assert found == [100, 28, 0, 100, 100]
    assert original["id"] in organiser.get("/organise/?page=1").text
