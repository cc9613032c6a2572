"""The audit log says who did what to whom and who looked, to auditors and managers only; a look at it is an entry."""

import re
from typing import Any

import pytest

from shared.db.audit_chain import verify
from shared.events.catalog import Meeting, SeatPlan
from tests.registration.conftest import World, comes_as, csrf, id_of

LOG = "/registration/audit"


@pytest.fixture
def facts(world: World) -> Meeting:
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=1), target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    return facts


def entries(world: World, query: str = "") -> list[dict[str, Any]]:
    answer = world.visitor.get(f"/registration/v1/audit{query}", headers=world.organiser("auditor"))
    assert answer.json is not None
    return list(answer.json)


def test_an_act_of_an_organiser_is_there_with_its_reason_and_what_people_do_themselves_is_not(
    world: World, facts: Meeting
) -> None:
    comes_as(world, "manager", name="Noor")
    page = f"/registration/desk/inkoop/registrations/{id_of(world, 'Bram')}"
    token = csrf(world.visitor.get(page))
    world.visitor.post(page, data={"csrf_token": token, "act": "move-up", "reason": "Hij spreekt ook"})

    [act] = entries(world, "?act=registration.acted")

    assert (act["thing"], act["meetingId"], act["name"]) == (id_of(world, "Bram"), facts.id, "Noor")
    assert (act["why"], act["facts"]) == (
        "Hij spreekt ook",
        {"act": "move-up", "from": "waitlisted", "to": "confirmed"},
    )


def test_every_look_at_people_is_there_and_the_look_at_the_log_too(world: World, facts: Meeting) -> None:
    manager = world.organiser("manager", name="Noor")
    world.get(facts, "registrations", headers=manager)
    world.visitor.get(f"/registration/v1/registrations/{id_of(world, 'Anna')}", headers=manager)
    world.visitor.get(f"/registration/v1/registrations/{id_of(world, 'Anna')}", headers=world.bearer("Anna"))
    world.get(facts, "attendees", headers=manager)

    seen = [(line["act"], line["thing"]) for line in entries(world, "?who=noor")]

    assert seen == [
        ("attendees.read", facts.id),
        ("registration.read", id_of(world, "Anna")),
        ("registrations.read", facts.id),
    ]
    assert [line["act"] for line in entries(world, "?act=audit.read")] == ["audit.read"]


@pytest.mark.usefixtures("facts")
def test_an_auditor_searches_by_day_by_who_and_by_whom_it_is_about(world: World) -> None:
    for name in ("Noor", "Planbord"):
        key = world.organiser("manager", name=name)
        world.visitor.get(f"/registration/v1/registrations/{id_of(world, 'Anna')}", headers=key)
        world.clock.now += world.clock.now - world.clock.now.replace(day=1)
    assert [line["name"] for line in entries(world, "?thing=anna@gemeente.example")] == ["Planbord", "Noor"]
    assert [line["name"] for line in entries(world, "?thing=inkoop&until=2027-05-12")] == ["Noor"]
    assert entries(world, "?who=planb&since=2027-06-01&act=registration.read") == []
    comes_as(world, "auditor")
    found = world.visitor.get(f"{LOG}?thing=anna@gemeente.example&who=noor&lang=nl").text
    assert "Een aanmelding bekeken" in found
    assert "Planbord" not in re.sub(r"<form.*?</form>", "", found, flags=re.DOTALL)
    refused = world.visitor.get(f"{LOG}?since=gisteren&lang=nl")
    assert (refused.status_code, "errors" in refused.text) == (400, True)


@pytest.mark.parametrize("role", ["organiser", "helper", "editor"])
def test_nobody_else_reads_it(world: World, role: Any) -> None:
    comes_as(world, role)
    assert world.visitor.get(LOG).status_code == 403
    assert world.visitor.get("/registration/v1/audit", headers=world.organiser(role)).status_code == 403
    assert world.visitor.get("/registration/v1/audit").status_code == 401


def test_roles_keys_and_sessions_are_there_and_the_chain_is_whole(world: World) -> None:
    made = world.organiser("organiser", name="Planbord", regions=["PV26"])
    comes_as(world, "manager", name="Noor")
    world.visitor.get("/registration/keys")
    key_id = next(line["thing"] for line in entries(world, "?act=key.made") if line["facts"]["role"] == "organiser")
    token = csrf(world.visitor.get("/registration/keys"))
    world.visitor.post(f"/registration/keys/{key_id}/revocation", data={"csrf_token": token})
    assert world.visitor.get("/registration/v1/audit", headers=made).status_code == 401
    [revoked] = entries(world, "?act=key.revoked")
    assert (revoked["name"], revoked["thing"]) == ("Noor", key_id)
    world.do_what_is_due()
    with world.service.database.reading() as session:
        found = verify(session, world.service.database.flow)
    assert (found.breaks, found.unsealed) == ((), 0)
    assert found.entries >= 5
