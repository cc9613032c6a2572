"""Messages to those who signed up: chosen, looked at, sent once; and what is urgent stands on the pages."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.db.transaction import new_id
from shared.events.catalog import Meeting, ReferenceChanged, SeatPlan
from tests.builders import NOON, tell
from tests.registration.conftest import World, comes_as, csrf, errors, problem

MESSAGES = "/registration/desk/inkoop/messages"
BRUG = {
    "subject": "De brug is dicht",
    "text": "Beste {naam},\n\nKom op tijd naar {bijeenkomst}. {{ 7 * 7 }} {0.__class__}",
}


@pytest.fixture
def facts(world: World) -> Meeting:
    """Anna and Bram have a seat, Cor waits; Bram is from an organisation in Utrecht. A manager is signed in."""
    province = ReferenceChanged(id="region:PV26", kind="region", code="PV26", labels={"nl": "Utrecht"})
    office = "https://identifier.example/gm0344"
    town = ReferenceChanged(
        id=f"organisation:{office}", kind="organisation", code=office, labels={"nl": "Gemeente Utrecht"}, region="PV26"
    )
    for word in (province, town):
        tell(world.service, word)
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=2), target_groups=())
    world.sign_up(facts, "Anna", "bestuurder")
    world.sign_up(facts, "Bram", organisation="Gemeente Utrecht")
    world.sign_up(facts, "Cor")
    comes_as(world, "manager")
    return facts


def post(world: World, where: str, **fields: Any) -> TestResponse:
    token = csrf(world.visitor.get("/registration/sign-in"))
    return world.visitor.post(f"{MESSAGES}{where}", data={"csrf_token": token, **BRUG, **fields})


def hidden(page: TestResponse) -> dict[str, Any]:
    """What the second step sends along."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_a_preview_tells_to_how_many_and_how_it_reads_and_sends_nothing(world: World, facts: Meeting) -> None:
    preview = post(world, "/preview", key=new_id(), statuses=["confirmed"], targetGroups=["bestuurder"])

    assert facts.title["nl"] in preview.text
    assert "Dit bericht gaat naar 1 persoon." in preview.text
    assert "Beste Anna," in preview.text
    assert "{{ 7 * 7 }} {0.__class__}" in html.unescape(preview.text)
    assert world.told("message.written") == []
    assert "Er is nog niets verstuurd." in world.visitor.get(MESSAGES).text


@pytest.mark.parametrize(
    ("segment", "count"),
    [
        ({"statuses": ["confirmed"]}, 2),
        ({"statuses": ["confirmed", "waitlisted"]}, 3),
        ({"statuses": ["waitlisted"], "targetGroups": ["bestuurder"]}, 0),
        ({"statuses": ["confirmed"], "regions": ["PV26"]}, 1),
    ],
)
def test_the_segment_decides_who_is_counted(
    world: World, facts: Meeting, segment: dict[str, list[str]], count: int
) -> None:
    answer = world.visitor.post(
        f"/registration/v1/meetings/{facts.id}/messages", json={**BRUG, **segment}, headers=world.organiser()
    )

    if count:
        assert (answer.status_code, (answer.json or {})["recipients"]) == (202, count)
        assert len(world.told("message.written")[0].registration_ids) == count
    else:
        assert problem(answer) == (409, "nobody")


def test_what_was_looked_at_is_sent_once_however_often_it_is_clicked(world: World, facts: Meeting) -> None:
    preview = post(world, "/preview", key=new_id(), statuses=["confirmed", "waitlisted"])
    again = post(world, "/preview", **{**hidden(preview), "edit": "true"})
    fields = hidden(preview)
    token = csrf(world.visitor.get(MESSAGES))

    sent = [world.visitor.post(MESSAGES, data={**fields, "csrf_token": token}) for _ in range(2)]
    listed = world.visitor.get(sent[0].headers["Location"]).text
    as_json = world.get(facts, "messages", headers=world.organiser()).json or []

    assert 'value="De brug is dicht"' in again.text
    assert [answer.status_code for answer in sent] == [303, 303]
    assert len(world.told("message.written")) == 1
    assert world.told("message.written")[0].text == BRUG["text"]
    assert "Uw bericht gaat naar 3 personen." in listed
    assert listed.count("De brug is dicht") == 1
    assert [(each["recipients"], each["segment"]["statuses"]) for each in as_json] == [(3, ["confirmed", "waitlisted"])]


def test_a_long_list_goes_in_parts(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=400), target_groups=())
    key = world.organiser()
    for number in range(301):
        world.sign_up(facts, f"Gast{number}")
    world.visitor.post(
        f"/registration/v1/meetings/{facts.id}/messages", json={**BRUG, "statuses": ["confirmed"]}, headers=key
    )

    parts = world.told("message.written")
    assert [(each.part, each.parts, len(each.registration_ids)) for each in parts] == [(1, 2, 300), (2, 2, 1)]
    assert len({id_ for each in parts for id_ in each.registration_ids}) == 301


def test_what_is_urgent_stands_on_the_pages_until_the_meeting_is_over(world: World, facts: Meeting) -> None:
    address = f"/registration/v1/meetings/{facts.id}/messages"
    urgent = {**BRUG, "statuses": ["confirmed"], "urgent": True}
    early = world.visitor.post(address, json=urgent, headers=world.organiser())
    world.clock.now = NOON - timedelta(hours=3)
    done = world.visitor.post(address, json=urgent, headers=world.organiser())
    sign_up = world.visitor.get("/registration/meetings/inkoop").text
    mine = world.visitor.get(world.mine_link("Anna"), follow_redirects=True).text
    world.clock.now = facts.ends_at
    after = world.visitor.get("/registration/meetings/inkoop").text

    assert problem(early) == (409, "not-today")
    assert done.status_code == 202
    assert world.told("message.written")[0].shown_until == facts.ends_at
    assert "Let op: vandaag \N{EN DASH} De brug is dicht" in sign_up
    assert "Beste deelnemer," in sign_up
    assert "Beste Anna," in mine
    assert "De brug is dicht" not in after


def test_what_is_not_right_stands_beside_the_field_and_nothing_typed_is_lost(world: World, facts: Meeting) -> None:
    page = post(world, "/preview", statuses=[], subject="")
    answer = world.visitor.post(
        f"/registration/v1/meetings/{facts.id}/messages",
        json={**BRUG, "statuses": ["confirmed"], "targetGroups": ["tovenaar"], "regions": ["XX"]},
        headers=world.organiser(),
    )

    assert page.status_code == 400
    assert "Kom op tijd" in page.text
    assert answer.status_code == 400
    assert [error["name"] for error in errors(answer)] == ["targetGroups", "regions"]
