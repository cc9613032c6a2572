"""What an organiser learns afterwards: who came, and how many seats to give out next time."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.registration.tables import registration
from shared.events.catalog import Label, Meeting, ReferenceChanged, SeatPlan
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import NOON, tell
from tests.registration.conftest import World, csrf

GOUDA = "https://identifier.overheid.nl/tooi/id/gemeente/gm0513"
BUYERS = (Label(code="inkoper", labels={"nl": "Inkopers"}),)


@pytest.fixture
def world(world: World) -> World:
    """An organiser of Utrecht looks; of the organisations only Gouda is known."""
    key = world.organiser("organiser", regions=["PV26"])["Authorization"].removeprefix("Bearer ")
    world.visitor.set_cookie(SIGN_IN_COOKIE, key)
    gouda = ReferenceChanged(
        id=f"organisation:{GOUDA}",
        kind="organisation",
        code=GOUDA,
        labels={"nl": "Gouda"},
        organisation_kind="municipality",
    )
    tell(world.service, gouda)
    return world


def hold(world: World, facts: Meeting, people: dict[str, bool], *, close: bool = True) -> None:
    """Everyone signs up, some of them come, and perhaps the attendance is closed."""
    world.clock.now = NOON - timedelta(days=30)
    for name in people:
        assert world.sign_up(facts, name, organisation="Gouda").status_code == 201
    world.clock.now = NOON
    door = f"/registration/check-in/{facts.slug}"
    token = token_on(world, door)
    for name in (name for name, came in people.items() if came):
        at_the_door = {"csrf_token": token, "attended": "true"}
        assert world.visitor.post(f"{door}/{id_of(world, facts, name)}", data=at_the_door).status_code == 303
    if close:
        assert world.visitor.post(f"{door}/closing", data={"csrf_token": token}).status_code == 303


def token_on(world: World, page: str) -> str:
    return csrf(world.visitor.get(page))


def id_of(world: World, facts: Meeting, name: str) -> str:
    mine = (registration.c.meeting_id == facts.id, registration.c.name == name)
    with world.service.database.reading() as session:
        return str(session.scalar(select(registration.c.id).where(*mine)))


def test_who_came_per_role_and_per_kind_of_organisation(world: World) -> None:
    facts = world.publish(slug="inkoop", target_groups=())
    world.sign_up(facts, "Piet", "bestuurder", organisation="Stichting Voorbeeld")
    hold(world, facts, {"Anna": True, "Bram": False, "Chris": True}, close=False)
    before = world.visitor.get("/registration/desk/inkoop/attendance").text

    world.visitor.post(
        "/registration/check-in/inkoop/closing", data={"csrf_token": token_on(world, "/registration/check-in/inkoop")}
    )
    after = world.visitor.get("/registration/desk/inkoop/attendance").text

    assert "De aanwezigheid is nog niet afgesloten" in before
    assert "Niet gekomen" not in before
    rows = re.findall(
        r'<tr><th scope="row">([^<]+)</th><td class="number">(\d+)</td><td class="number">(\d+)</td></tr>', after
    )
    assert rows == [
        ("Bestuurder", "0", "1"),
        ("Inkoper", "2", "1"),
        ("Anders of onbekend", "0", "1"),
        ("Gemeente", "2", "1"),
    ]
    assert ">Aanwezig: 2</text>" in after
    assert after.count("<rect") == 8


def test_advice_comes_from_closed_meetings_of_the_region_and_role_and_changes_nothing(world: World) -> None:
    coming = world.publish(slug="straks", target_groups=BUYERS, seat_plan=SeatPlan(capacity=25))
    ten = [f"P{number}" for number in range(10)]
    for number in range(3):
        facts = world.publish(slug=f"eerder-{number}", target_groups=BUYERS)
        hold(world, facts, {name: name not in {"P0", "P1"} for name in ten}, close=number < 2)
    little = world.visitor.get("/registration/desk/straks/advice?wanted=20").text
    hold(world, world.publish(slug="elders", regions=(Label(code="PV20", labels={}), coming.regions[0])), {})
    third = world.publish(slug="nog-een", target_groups=BUYERS)
    hold(world, third, {name: name not in {"P0", "P1"} for name in ten})

    advice = world.visitor.get("/registration/desk/straks/advice?wanted=20").text
    asked = world.visitor.get("/registration/desk/straks/advice")
    wrong = world.visitor.get("/registration/desk/straks/advice?wanted=veel")

    assert "te weinig geschiedenis voor een advies: 2 bijeenkomsten met 20 mensen" in little
    assert "Geef 26 plekken uit." in advice
    assert "Er komen dan ongeveer 20 mensen" in advice
    assert "Bij 3 eerdere bijeenkomsten kwamen 24 van de 30 mensen met een plek" in advice
    assert "Er kunnen dus meer dan 20 mensen komen" in advice
    assert (asked.status_code, "Geef " in asked.text) == (200, False)
    assert wrong.status_code == 400
    assert 'id="wanted-error"' in wrong.text
    seats = world.get(coming, "seats", headers=world.organiser()).json
    assert seats
    assert seats["capacity"] == 25


def test_an_organiser_of_another_region_sees_neither(world: World) -> None:
    world.publish(slug="inkoop", target_groups=())
    key = world.organiser("organiser", regions=["PV20"])["Authorization"].removeprefix("Bearer ")
    world.visitor.set_cookie(SIGN_IN_COOKIE, key)

    pages = [world.visitor.get(f"/registration/desk/inkoop/{page}").status_code for page in ("attendance", "advice")]

    assert pages == [403, 403]
