"""Participants of the network, as they come and go in stories."""

from collections.abc import Mapping
from typing import Any, Literal

from werkzeug.test import TestResponse

from shared.events.catalog import Meeting, ReferenceChanged
from tests.builders import tell
from tests.registration.conftest import World, csrf

NETWORK = "/registration/network"

WORDS: Mapping[Literal["theme", "region"], Mapping[str, str]] = {
    "theme": {"circulair": "Circulair", "klimaat": "Klimaat"},
    "region": {"PV26": "Utrecht", "PV31": "Limburg"},
}


def know_words(world: World) -> None:
    """Catalog told about themes and regions."""
    for kind, words in WORDS.items():
        for code, label in words.items():
            tell(world.service, ReferenceChanged(id=f"{kind}:{code}", kind=kind, code=code, labels={"nl": label}))


def address_of(name: str) -> str:
    """The address with which ``World.sign_up`` signs someone up."""
    return f"{name.lower()}@gemeente.example"


def signs_in(world: World, name: str) -> None:
    """From now on the visitor's browser is that of this participant."""
    world.sign_in(world.visitor, address_of(name))


def reads(world: World, name: str, page: str = "", /) -> TestResponse:
    """A page of the network, as this participant sees it."""
    signs_in(world, name)
    return world.visitor.get(NETWORK + page)


def presses(world: World, name: str, page: str, to: str = "", /, **typed: Any) -> TestResponse:
    """Open a page of the network as this participant, and hand its form in (``to`` another page)."""
    shown = reads(world, name, page)
    return world.visitor.post(NETWORK + (to or page), data={"csrf_token": csrf(shown), **typed})


def joins(world: World, name: str, facts: Meeting | None = None, /, **said: Any) -> None:
    """Someone signs up for a meeting, and takes part in the network; found by everyone there unless ``said``."""
    if facts:
        assert world.sign_up(facts, name).status_code == 201
    form = {"name": name, "targetGroup": "inkoper", "visibleTo": "network", "agree": "true", **said}
    joined = presses(world, name, "/profile", **form)
    assert joined.status_code == 303, joined.text


def found_by(world: World, name: str, query: str = "") -> list[str]:
    """The names on the first page of the directory, as this participant sees it."""
    page = reads(world, name, f"/people?{query}")
    assert page.status_code == 200, page.text
    return names_in(page)


def names_in(page: TestResponse) -> list[str]:
    """The names on the cards of a page."""
    return [part.partition("</a>")[0].rpartition(">")[2] for part in page.text.split('<li class="card">')[1:]]


def card_link(page: TestResponse, name: str) -> str:
    """Where the card of this person leads, below the network's own address."""
    card = next(part for part in page.text.split('<li class="card">')[1:] if f">{name}</a>" in part)
    return card.partition('href="')[2].partition('"')[0].removeprefix(NETWORK)
