"""The plan editor: what it says before, and that it is what happens after."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.registration.lists.waiting import preview
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import seats_of, with_plan
from services.registration.tables import registration
from shared.events.catalog import Meeting, MeetingChanged, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, comes_as

EDITOR = "/registration/desk/inkoop/plan"
GROUPS = ("bestuurder", "beleidsmaker", "inkoper")
AS_IT_IS = {"capacity": "2", "waitingList": "true", "promotion": "automatic", "offerHours": "24", "cutoffHours": "24"}


def standing(world: World, facts: Meeting) -> dict[str, str]:
    """How everyone of the meeting stands, by id."""
    with world.service.database.reading() as session:
        rows = session.execute(select(registration).where(registration.c.meeting_id == facts.id)).all()
    return {row.id: row.status for row in rows}


def fates(page: str) -> dict[str, str]:
    """What the page says will become of each person who waits."""
    rows = re.findall(r">(\w+)</a></td><td>[^<]*</td><td>([^<]*)</td><td>([^<]*)</td>", page)
    return {name: f"{what}: {why}" for name, what, why in rows}


def gist(page: str) -> str:
    """What is read out while somebody types."""
    found = re.search(r'id="gist">([^<]*)<', page)
    assert found
    return found[1]


@pytest.fixture
def facts(world: World) -> Meeting:
    """Two seats, taken by Anna and Bram; Cor, Dora (bestuurder) and Els wait. A manager is signed in."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=2), target_groups=())
    for name, group in (("Anna", "inkoper"), ("Bram", "inkoper"), ("Cor", "inkoper"), ("Dora", "bestuurder")):
        world.sign_up(facts, name, group)
    world.sign_up(facts, "Els", "inkoper")
    comes_as(world, "manager")
    return facts


def tried(world: World, **changes: str) -> str:
    return world.visitor.get(f"{EDITOR}?{urlencode({**AS_IT_IS, **changes})}", follow_redirects=True).text


def test_the_editor_says_who_would_get_a_seat_and_why_and_changes_nothing(world: World, facts: Meeting) -> None:
    before = standing(world, facts)
    more = tried(world, capacity="4", **{"reserved.bestuurder": "1", "releaseAt": "2027-06-09T12:00"})
    offers = tried(world, capacity="3", promotion="offer")
    lower = tried(world, capacity="1")

    assert fates(more) == {
        "Cor": "Krijgt een plek: Volgens de regels is er een plek voor deze persoon.",
        "Dora": "Krijgt een plek: Volgens de regels is er een plek voor deze persoon.",
        "Els": "Blijft wachten: Alle plekken zijn bezet.",
    }
    assert fates(offers)["Cor"].startswith("Krijgt een plek aangeboden")
    assert (
        fates(offers)["Dora"] == "Blijft wachten: Alle plekken zijn bezet. Op het aanbod van 1 plek komt nog antwoord."
    )
    assert "Niemand verliest een plek. De bijeenkomst heeft dan 1 plek meer bezet dan het plan toelaat." in lower
    assert "2 personen krijgen een plek, 1 persoon blijft wachten." in gist(more)
    assert "3 personen blijven wachten, 1 plek meer bezet dan het plan toelaat." in gist(lower)
    assert "Dit plan kan zo niet." in gist(tried(world, capacity="0"))
    assert standing(world, facts) == before


def test_applying_opens_catalogs_page_with_everything_filled_in(world: World, facts: Meeting) -> None:
    page = tried(world, capacity="4", **{"reserved.bestuurder": "1", "releaseAt": "2027-06-09T12:00"})
    found = re.search(r'href="(http://127.0.0.1:8000/organise/meetings/[^"]+)"', page)
    comes_as(world, "auditor")
    audited = tried(world, capacity="4")

    assert found
    address = urlsplit(found[1].replace("&amp;", "&"))
    filled = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    assert address.path == f"/organise/meetings/{facts.id}"
    assert filled["seatPlan.capacity"] == "4"
    assert filled["seatPlan.reserved.bestuurder"] == "1"
    assert filled["seatPlan.maximum.bestuurder"] == ""
    assert filled["seatPlan.releaseAt"] == "2027-06-09T12:00"
    assert (filled["seatPlan.promotion"], filled["seatPlan.waitingList"]) == ("automatic", "true")
    assert "Krijgt een plek" in audited
    assert f"/organise/meetings/{facts.id}?" not in audited


def test_what_an_address_leaves_out_is_as_in_the_meetings_own_plan(world: World) -> None:
    plan = SeatPlan(capacity=2, reserved={"bestuurder": 1}, release_at=NOON, promotion="offer", offer_hours=48)
    world.publish(slug="inkoop", seat_plan=plan, target_groups=())
    comes_as(world, "manager")

    page = world.visitor.get(f"{EDITOR}?capacity=5", follow_redirects=True)

    assert 'value="48"' in page.text
    assert "seatPlan.releaseAt=2027-06-10T14%3A00" in page.text
    assert "seatPlan.reserved.bestuurder=1" in page.text
    assert "seatPlan.promotion=offer" in page.text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"capacity": ""}, "capacity-error"),
        ({"capacity": "veel"}, "capacity-error"),
        ({"offerHours": ""}, "offerHours-error"),
        ({"reserved.bestuurder": "3"}, 'id="reserved"'),
        ({"reserved.bestuurder": "2", "maximum.bestuurder": "1"}, "maximum.bestuurder-error"),
        ({"releaseAt": "2027-03-28T02:30"}, "releaseAt-error"),
        ({"releaseAt": "morgen"}, "releaseAt-error"),
    ],
)
def test_what_is_wrong_with_a_plan_stands_beside_its_field(
    world: World, facts: Meeting, wrong: Mapping[str, str], why: str
) -> None:
    answer = world.visitor.get(f"{EDITOR}?{urlencode({**AS_IT_IS, **wrong})}", follow_redirects=True)

    assert facts.slug == "inkoop"
    assert answer.status_code == 200, "a plan that cannot be is what was asked about"
    assert why in answer.text
    assert "Met dit plan" not in answer.text


counts = st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 3))
plans = st.builds(
    SeatPlan,
    capacity=st.integers(1, 8),
    online_capacity=st.one_of(st.none(), st.integers(0, 4)),
    reserved=counts,
    maximum=counts,
    promotion=st.sampled_from(["automatic", "offer", "manual"]),
)
people = st.lists(st.tuples(st.sampled_from(GROUPS), st.sampled_from(["venue", "online"])), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans, then=plans, guests=people)
def test_what_was_foreseen_is_what_happens(
    world: World, plan: SeatPlan, then: SeatPlan, guests: list[tuple[str, str]]
) -> None:
    mixed: dict[str, Any] = {"target_groups": (), "attendance_mode": "mixed"}
    facts = world.publish(seat_plan=plan, **mixed)
    for number, (group, attendance) in enumerate(guests):
        wish: dict[str, Any] = {"attendance": attendance, "onlineIfFull": number % 2 == 0}
        assert world.sign_up(facts, f"Gast{number}", group, **wish).status_code == 201
    with world.service.database.reading() as session:
        row = meeting_by(session, facts.id)
        assert row is not None
        foreseen = preview(session, with_plan(seats_of(row), then), world.clock())
        becomes = {fate.person.id: fate.becomes for fate in [*foreseen.fates, *foreseen.online]}

    before = standing(world, facts)
    tell(world.service, MeetingChanged(meeting=a_meeting(id=facts.id, revision=2, seat_plan=then, **mixed)))

    after = standing(world, facts)
    kept = {id_: status for id_, status in before.items() if becomes.get(id_, "waits") == "waits"}
    assert after == before | {id_: what for id_, what in becomes.items() if what != "waits"} | kept
    with world.service.database.reading() as session:
        now = meeting_by(session, facts.id)
        assert now is not None
        assert dict(foreseen.taken) == dict(now.taken)
