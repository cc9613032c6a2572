"""No page shows a way that its reader may not go: neither a link nor a button that would answer 403."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

import pytest
from werkzeug.exceptions import HTTPException

from shared.people.roles import may
from shared.service import Service
from shared.web.access import verb_of
from tests.access.cells import cells
from tests.access.house import House
from tests.access.visitors import Visitor

WAYS = re.compile(r'<a [^>]*href="(/[^"#]*)|<form [^>]*?method="post"[^>]*?action="(/[^"#]*)|formaction="(/[^"#]*)')
READERS = ("anyone", "helper", "editor", "organiser", "auditor", "manager", "person", "person who signed in")


@pytest.mark.parametrize("name", ["catalog", "registration", "notifications"])
def test_every_way_that_a_page_shows_is_open_to_its_reader(
    house: House, everyone: Sequence[Visitor], name: str
) -> None:
    service, shut = house.service(name), set()
    for cell in cells(house, service, [visitor for visitor in everyone if visitor.name in READERS]):
        if cell.method == "GET" and cell.expected(service) and not cell.visitor.is_turned_away(service, cell.address):
            page = cell.visitor.ask(service, "GET", cell.address, {})
            if page.mimetype == "text/html":
                shut |= {
                    f"{cell.visitor.name} at {cell.rule}: {way}" for way in shut_ways(house, cell.visitor, page.text)
                }
    assert not shut, "\n".join(["", *sorted(shut)])


def shut_ways(house: House, visitor: Visitor, page: str) -> Iterator[str]:
    for link, *posts in WAYS.findall(page):
        for method, path in (("GET", link), *(("POST", post) for post in posts)):
            for service, verb in verbs_at(house, method, unescape(path).partition("?")[0]):
                if not may(visitor.actor(service), verb):
                    yield f"{method} {path} ({verb})"


def verbs_at(house: House, method: str, path: str) -> Iterator[tuple[Service, str]]:
    """The verb of what stands at ``path``; nothing for an address that is none of ours."""
    service = next((each for each in house.services[1:] if path.startswith(each.prefix)), house.services[0])
    try:
        rule, _ = service.app.url_map.bind("127.0.0.1").match(path, method, return_rule=True)
    except HTTPException:
        return
    yield service, str(verb_of(service.app, rule, method))
