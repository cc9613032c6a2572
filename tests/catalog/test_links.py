"""Whether links to other sites still lead somewhere: looked at by a command, shown to editors."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from services.catalog.commands.links import links
from services.catalog.rules.addresses import Addresses
from shared.web.fetching import Fetcher
from tests.catalog.conftest import World, as_object
from tests.catalog.test_knowledge import LINK, QUESTION, gather


class Site(BaseHTTPRequestHandler):
    """Another site: some pages are there, some are gone, and one does not like to be asked by HEAD."""

    gone: frozenset[str] = frozenset()

    def do_HEAD(self) -> None:
        self.answer(405 if self.path == "/no-head" else 200)

    def do_GET(self) -> None:
        self.answer(200)

    def answer(self, status: int) -> None:
        self.send_response(404 if self.path in Site.gone else 403 if self.path == "/guarded" else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.gone = frozenset()
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def check(world: World, fetcher: Fetcher | None = None) -> Any:
    group = links(lambda: (world.service.database, Addresses("http://127.0.0.1:8000")), fetcher or Fetcher(_anyone))
    result = CliRunner().invoke(group, ["check"])
    assert result.exit_code == 0, result
    return result


def _anyone(*asked: object) -> bool:
    return bool(asked)


def test_what_no_longer_leads_anywhere_is_found_and_shown_to_editors(
    world: World, organiser: FlaskClient, site: str
) -> None:
    link = gather(world, {**LINK, "url": f"{site}/begin"})
    gather(world, {**QUESTION, "body": {"nl": f"Zie [hier]({site}/no-head), [daar]({site}/guarded), [thuis](/about)."}})
    world.publish(documents=[{"title": {"nl": "Verslag"}, "url": f"{site}/verslag.pdf"}])
    assert organiser.get("/organise/links").text.count("nog niet bekeken") == 4

    said = check(world)
    assert "4 links looked at, 1 need a look" in said.output
    assert f"{site}/guarded: 403" in said.stderr
    shown = organiser.get("/organise/links").text
    assert shown.count("Het staat er.") == 3
    assert shown.index("De andere site weigert") < shown.index("Het staat er.")
    assert "zaterdag 1 mei 2027" in world.public.get("/knowledge/wegwijzer").text

    world.clock.forward(days=3)
    Site.gone = frozenset({"/begin"})
    assert f"{site}/begin: 404" in check(world).stderr
    kept = organiser.get(f"/organise/knowledge/{link['id']}").text
    assert "Het staat er niet meer." in kept
    assert "Het was er voor het laatst op zaterdag 1 mei 2027, 11.00 uur" in kept
    assert as_object(world.public.get(f"/v1/knowledge/{link['id']}"))["checkedOn"] == "2027-05-01"

    moved = world.ask("PATCH", f"/v1/knowledge/{link['id']}", json={"url": f"{site}/moved"}, headers={"If-Match": "*"})
    assert as_object(moved)["checkedOn"] is None
    check(world)
    assert f"{site}/begin" not in organiser.get("/organise/links").text
    assert as_object(world.public.get(f"/v1/knowledge/{link['id']}"))["checkedOn"] == "2027-05-04"
    world.ask("PATCH", f"/v1/knowledge/{link['id']}", json={"url": f"{site}/begin"}, headers={"If-Match": "*"})
    assert "nog niet bekeken" in organiser.get("/organise/links").text


def test_an_editor_goes_on_while_links_are_looked_at(world: World, organiser: FlaskClient, site: str) -> None:
    link = gather(world, {**LINK, "url": f"{site}/begin"})
    etag = world.public.get(f"/v1/knowledge/{link['id']}").headers["ETag"]
    check(world)
    changed = world.ask("PATCH", f"/v1/knowledge/{link['id']}", json={"source": "Elders"}, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.json
    assert as_object(changed)["checkedOn"] == "2027-05-01"
    assert organiser.get("/organise/links").status_code == 200


def test_a_link_to_our_own_network_is_not_asked(world: World, organiser: FlaskClient, site: str) -> None:
    gather(world, {**LINK, "url": f"{site}/begin"})
    assert "not-public" in check(world, Fetcher()).stderr
    assert "Dit adres staat niet op het openbare web." in organiser.get("/organise/links").text
