"""Reach: which organisations took part, what of it everyone may know, and who is to be invited."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference, municipality
from services.catalog.rules.small_numbers import public_range
from shared.events.registration import AttendanceCounted
from tests.builders import tell
from tests.catalog.conftest import World
from tests.catalog.test_attendance import count

TOOI = "https://identifier.overheid.nl/tooi/id/gemeente"
UTRECHT, ZEIST, MAARN, GOUDA = (f"{TOOI}/{code}" for code in ("gm0344", "gm0355", "gm9001", "gm0513"))


@pytest.fixture
def places(world: World) -> None:
    """Three municipalities, and one that was merged into another of them."""
    now = [
        municipality("GM0344", UTRECHT, "Utrecht", "PV26"),
        municipality("GM0355", ZEIST, "Zeist", "PV26"),
        municipality("GM0513", GOUDA, "Gouda", "PV28"),
    ]
    gone = Reference(
        kind="organisation",
        code=MAARN,
        labels={"nl": "Maarn"},
        organisation_kind="municipality",
        region="PV26",
        merged_into=ZEIST,
    )
    with world.service.database.begin() as tx:
        keep_reference(tx, [*now, gone], Addresses("http://127.0.0.1:8000"))


def held(world: World, *counts: Any, **changes: Any) -> None:
    """A meeting took place, and so many came."""
    meeting = world.publish(**changes)
    tell(world.service, AttendanceCounted(meeting_id=meeting["id"], counts=counts))


def years(world: World, query: str = "") -> dict[str, list[int]]:
    """In which years each municipality took part, as any program may know."""
    rows = world.public.get(f"/v1/reach?kind=municipality{query}").json or []
    return {row["labels"]["nl"]: row["years"] for row in rows}


@pytest.mark.usefixtures("places")
def test_organisations_are_named_and_people_are_not_to_be_found_out(world: World) -> None:
    held(world, count(UTRECHT, "inkoper", 7, 0), count(MAARN, "bestuurder", 1, 0), count(GOUDA, "inkoper", 0, 2))
    held(world, count(None, "bestuurder", 3, 0), startsAt="2028-01-01T00:30", endsAt="2028-01-01T02:00")

    assert years(world) == {"Gouda": [], "Utrecht": [2027], "Zeist": [2027]}
    assert years(world, "&region=PV28") == {"Gouda": []}
    assert years(world, "&year=2026") == {"Gouda": [], "Utrecht": [], "Zeist": []}
    assert world.public.get("/v1/reach?targetGroup=bestuurder").status_code == 400
    assert world.public.get("/v1/reach?region=PV99").status_code == 400
    rows = world.public.get("/v1/reach/people").json or []
    people = {(row["targetGroup"], row["year"]): (row["atLeast"], row["atMost"]) for row in rows}
    assert people["inkoper", 2027] == (5, 9)
    assert people["bestuurder", 2027] == people["bestuurder", 2028] == (None, None)  # New Year's night, in Amsterdam
    assert people["budgethouder", 2027] == (None, None)  # of whom nobody came: that is not to be known either

    page = unescape(world.public.get("/reach?kind=municipality&lang=nl").text)
    assert "2 van de 3 gemeenten" in page
    assert "2/2" in page  # on the map, and its table says the same
    assert "5–9" in page  # noqa: RUF001  # a dash between numbers
    assert "minder dan 5" in page
    file = world.public.get("/reach.csv").data.decode("utf-8-sig")
    assert f'"{ZEIST}";"Zeist";"municipality";"PV26";"2027";"false"' in file
    assert world.public.get("/reach?year=soon").status_code == 400


@pytest.mark.usefixtures("places")
def test_who_never_came_is_invited_by_a_form_that_is_filled_in(world: World, organiser: FlaskClient) -> None:
    held(world, count(UTRECHT, "inkoper", 2, 1), count(ZEIST, "bestuurder", 1, 0))
    with world.service.database.begin() as tx:
        zeist = municipality("GM0355", ZEIST, "Zeist", "PV26")
        keep_reference(tx, [Reference(**{**vars(zeist), "email_domains": ("zeist.example",)})], Addresses("http://x"))
    meeting = world.publish()

    query = "kind=municipality&region=PV26&targetGroup=inkoper&lang=nl"
    page = unescape(organiser.get(f"/organise/reach?{query}").text)
    assert "Deze 1 organisatie was er nog nooit" in page
    assert (
        '<th scope="row">inkoper</th><td class="number">3</td><td class="number">2</td><td class="number">1</td>'
        in page
    )

    sent = organiser.get(f"/organise/reach/invitation?{query}&meeting={meeting['id']}")
    assert urlsplit(sent.location).path == f"/notifications/campaigns/{meeting['id']}"
    assert parse_qs(urlsplit(sent.location).query) == {
        "targetGroup": ["inkoper"],
        "region": ["PV26"],
        "organisations": ["Zeist\nzeist.example"],
    }
    assert world.public.get("/organise/reach").status_code == 303  # to sign in


@pytest.mark.parametrize(("came", "shown"), [(0, None), (4, None), (5, (5, 9)), (9, (5, 9)), (10, (10, 14))])
def test_a_number_of_people_is_a_range_from_five_on(came: int, shown: tuple[int, int] | None) -> None:
    assert public_range(came) == shown
