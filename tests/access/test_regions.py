"""What lies in one region never shows to who organises in another: in lists, searches, filters, files, mail and lists.

The names here are met nowhere else, so that one of them on a page is a leak.
"""

from collections.abc import Sequence
from io import BytesIO
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from shared.people.roles import is_public
from tests.access.cells import Cell, cells
from tests.access.house import House
from tests.access.visitors import Visitor

CANARIES = {
    "organiser": ("Wijbrecht", "wijbrecht@", "Ysbrand", "ysbrand@", "gast-elsewhere@", "Geheim elsewhere"),
    "organiser of elsewhere": (
        "Quirine",
        "quirine@",
        "Bonifacius",
        "bonifacius@",
        "Xantippe",
        "gast-here@",
        "Geheim here",
    ),
}
"""By who looks: what they may not see."""

SEARCHES: Sequence[dict[str, str]] = (
    {},
    *({"q": word} for word in ("ijbrech", "uirin", "sbran", "eheim")),
    *({"region": region} for region in ("PV26", "PV31")),
    {"status": "draft"},
    {"past": "true"},
)
"""What is asked for; a page shows what was searched, so that is never a whole name."""


@pytest.mark.parametrize("name", ["catalog", "registration", "notifications"])
def test_an_organiser_never_reads_what_lies_in_another_region(
    house: House, everyone: Sequence[Visitor], name: str
) -> None:
    service, seen = house.service(name), []
    organisers = [visitor for visitor in everyone if visitor.name in CANARIES]
    for cell in cells(house, service, organisers):
        if cell.method != "GET" or "<token>" in cell.rule:  # a token is for whoever was given it
            continue
        for search in SEARCHES if "<" not in cell.rule else ({},):
            found = read(cell.visitor.ask(service, "GET", f"{cell.address}?{urlencode(search)}", {}).data)
            told = [word for word in canaries(cell) if word in found]
            if told:
                seen.append(f"{cell} with {search} tells of {told}")
    assert seen == []


def canaries(cell: Cell) -> Sequence[str]:
    """What may not stand there: of a meeting that everyone knows, not even its title where only some may read."""
    title = "Samen elsewhere" if cell.visitor.name == "organiser" else "Samen here"
    return (*CANARIES[cell.visitor.name], *(() if is_public(cell.verb) else (title,)))


def read(answer: bytes) -> str:
    """What stands in a page or a file; a spreadsheet is an archive."""
    if not answer.startswith(b"PK"):
        return answer.decode(errors="replace")
    with ZipFile(BytesIO(answer)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_everyone_reads_what_lies_in_their_own_region(house: House, everyone: Sequence[Visitor]) -> None:
    """Else the test above would prove nothing."""
    shown_at = ("/organise/", "/registration/desk/{slug}/registrations", "/notifications/mailroom")
    for name, place, words in (
        ("organiser", "here", ("Geheim here", "Quirine", "gast-here@")),
        ("organiser of elsewhere", "elsewhere", ("Geheim elsewhere", "Wijbrecht", "gast-elsewhere@")),
    ):
        visitor = next(each for each in everyone if each.name == name)
        for service, address, word in zip(house.services, shown_at, words, strict=True):
            shown = visitor.ask(service, "GET", address.format(slug=house.places[place].things["slug"]), {})
            assert word in shown.text, (name, address)
