"""The organiser at the desk: who waits and why, and what is decided about each person."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from shared.events.catalog import Meeting, MeetingChanged, RegistrationTerms, SeatPlan, Session
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, comes_as, csrf, errors, id_of, problem, status_of

DESK = "/registration/desk/inkoop"


def page_of(world: World, name: str) -> str:
    return f"{DESK}/registrations/{id_of(world, name)}"


def send(world: World, address: str, **fields: str) -> TestResponse:
    """Fill in the form on a page and send it there."""
    token = csrf(world.visitor.get(address))
    return world.visitor.post(address, data={"csrf_token": token, **fields})


def decide(world: World, name: str, act: str, **fields: str) -> TestResponse:
    return send(world, page_of(world, name), act=act, **fields)


def numbers(world: World, facts: Meeting) -> dict[str, int | None]:
    """The places on the waiting list, by name."""
    rows = world.get(facts, "registrations", headers=world.organiser()).json or []
    return {row["name"]: row.get("place") for row in rows}


@pytest.fixture
def facts(world: World) -> Meeting:
    """Two seats; Anna and Bram have them, Cor and Dora wait. A manager is signed in."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=2), target_groups=())
    for name in ("Anna", "Bram", "Cor", "Dora"):
        world.sign_up(facts, name)
    comes_as(world, "manager")
    return facts


def test_the_desk_says_why_the_next_one_has_no_seat(world: World, facts: Meeting) -> None:
    full = world.visitor.get(DESK).text
    plan = SeatPlan(capacity=3, reserved={"bestuurder": 1}, release_at=NOON - timedelta(days=2))
    tell(world.service, MeetingChanged(meeting=a_meeting(id=facts.id, slug="inkoop", revision=2, seat_plan=plan)))
    kept = world.visitor.get(DESK).text

    assert full.count("Alle plekken zijn bezet.") == 2
    assert "zijn tot dinsdag 8 juni 2027, 14.00 uur vrijgehouden voor: Bestuurder" in kept
    assert "Aanmeldingen in de tijd" in kept
    assert 'dinsdag 11 mei 2027</th><td class="number">4</td><td class="number">4</td>' in kept


def test_requests_online_places_and_parts_of_the_programme_stand_on_the_desk(world: World) -> None:
    workshop = Session(id="w", title={"nl": "Workshop"}, capacity=5)
    facts = world.publish(
        slug="inkoop",
        seat_plan=SeatPlan(capacity=2, online_capacity=1),
        attendance_mode="mixed",
        sessions=(workshop,),
        target_groups=(),
        registration=RegistrationTerms(approval=True),
    )
    world.sign_up(facts, "Anna", attendance="online")
    world.sign_up(facts, "Bram", attendance="online")
    comes_as(world, "manager")
    asked = world.visitor.get(DESK).text
    for name in ("Anna", "Bram"):
        decide(world, name, "approve")
    approved = world.visitor.get(DESK).text

    assert "Wacht op uw besluit" in asked
    assert "Wacht op uw besluit" not in approved
    assert "Online: 1 van 1 plekken bezet. Wachten op een plek: 1." in approved
    assert "Workshop" in approved
    assert "Wacht op een plek online" in approved
    assert world.counts_are_right()


def test_approval_keeps_the_queue_number_and_a_rejection_can_be_taken_back(world: World) -> None:
    facts = world.publish(
        slug="inkoop",
        seat_plan=SeatPlan(capacity=1),
        target_groups=(),
        registration=RegistrationTerms(approval=True),
    )
    for name in ("Anna", "Bram", "Cor"):
        world.sign_up(facts, name)
    comes_as(world, "manager")

    decide(world, "Cor", "approve")
    decide(world, "Bram", "reject", reason="Alleen voor inkopers")
    decide(world, "Anna", "approve")
    rejected = world.told("registration.rejected")[-1]
    again = decide(world, "Bram", "approve")

    assert status_of(world, "Cor") == "confirmed"
    assert (rejected.registration.person.name, rejected.reason) == ("Bram", "Alleen voor inkopers")
    assert again.status_code == 303
    assert numbers(world, facts) == {"Anna": 1, "Bram": 2, "Cor": None}
    assert decide(world, "Cor", "approve").status_code == 409


def test_someone_moved_up_over_the_plan_is_marked_and_shown(world: World, facts: Meeting) -> None:
    without = decide(world, "Dora", "move-up")
    done = decide(world, "Dora", "move-up", reason="Spreekt over haar stad")
    page = world.visitor.get(page_of(world, "Dora")).text
    desk = world.visitor.get(DESK).text

    assert without.status_code == 400
    assert "Vul in waarom deze persoon een plek krijgt." in without.text
    assert done.status_code == 303
    assert "Boven het plan" in page
    assert page.count("Spreekt over haar stad") == 2
    assert "1 plek meer" in desk
    assert numbers(world, facts) == {"Anna": None, "Bram": None, "Cor": 1, "Dora": None}
    assert world.counts_are_right()


def test_a_changed_role_a_note_and_a_cancellation_stand_in_the_history(world: World, facts: Meeting) -> None:
    decide(world, "Cor", "change-group", targetGroup="bestuurder")
    unknown = decide(world, "Cor", "change-group", targetGroup="tovenaar")
    token = csrf(world.visitor.get(page_of(world, "Cor")))
    world.visitor.post(f"{page_of(world, 'Cor')}/note", data={"csrf_token": token, "note": "Belt nog\nmaandag"})
    decide(world, "Anna", "cancel", reason="Belde af")
    page = world.visitor.get(page_of(world, "Cor")).text
    api = world.visitor.get(f"/registration/v1/registrations/{id_of(world, 'Cor')}/note", headers=world.organiser())

    assert unknown.status_code == 400
    assert status_of(world, "Cor") == "confirmed"  # Anna's seat
    assert [text in page for text in ("Kreeg een andere rol", "Notitie gewijzigd", "Kreeg een plek vanaf")] == [
        True
    ] * 3
    assert api.json == {"note": "Belt nog\nmaandag"}
    assert world.told("registration.cancelled")[-1].registration.cause == "organiser"
    own_link = world.visitor.get(world.mine_link("Cor"), follow_redirects=True).text
    assert "Belt nog" not in own_link
    assert "Notitie" not in own_link
    assert facts.seat_plan.capacity == 2


def test_lowering_the_plan_takes_nobodys_seat_and_says_by_how_much(world: World, facts: Meeting) -> None:
    lower = a_meeting(id=facts.id, slug="inkoop", revision=2, seat_plan=SeatPlan(capacity=1), target_groups=())
    tell(world.service, MeetingChanged(meeting=lower))

    assert "1 plek meer" in world.visitor.get(DESK).text
    assert (status_of(world, "Anna"), status_of(world, "Bram")) == ("confirmed", "confirmed")


def test_registrations_are_found_by_status_role_and_text(world: World, facts: Meeting) -> None:
    world.sign_up(facts, "Els", "bestuurder", organisation="Waterschap 100% Droog")

    def found(query: str) -> list[str]:
        page = world.visitor.get(f"{DESK}/registrations?{query}").text
        return [name for name in ("Anna", "Bram", "Cor", "Dora", "Els") if f">{name}</a>" in page]

    assert found("status=waitlisted") == ["Cor", "Dora", "Els"]
    assert found("targetGroup=bestuurder") == ["Els"]
    assert found("q=100%25") == ["Els"]
    assert found("q=cor%40gemeente") == ["Cor"]
    assert world.visitor.get(f"{DESK}/registrations?status=zoek").status_code == 400


def test_signing_someone_up_asks_what_to_do_where_there_is_no_seat(world: World, facts: Meeting) -> None:
    fields = {
        "name": "Gast",
        "targetGroup": "inkoper",
        "kind": "participant",
        "key": "0192d3a0-0000-7000-8000-000000000001",
    }
    full = send(world, f"{DESK}/new", **fields)
    no_reason = send(world, f"{DESK}/new", **fields, ifFull="go-over")
    done = send(world, f"{DESK}/new", **fields, ifFull="go-over", reason="Loopt mee met Anna")
    twice = send(world, f"{DESK}/new", **fields, ifFull="go-over", reason="Loopt mee met Anna")
    speaker = send(world, f"{DESK}/new", name="Spreker", targetGroup="inkoper", kind="speaker")

    assert full.status_code == 409
    assert 'value="Gast"' in full.text
    assert "Op de wachtlijst zetten" in full.text
    assert no_reason.status_code == 400
    assert (done.status_code, twice.status_code, speaker.status_code) == (303, 303, 303)
    assert done.headers["Location"] == twice.headers["Location"]
    assert world.visitor.get(f"{DESK}/registrations").text.count(">Gast</a>") == 1
    assert status_of(world, "Spreker") == "confirmed"
    assert world.counts_are_right()
    assert facts.seat_plan.capacity == 2


def test_programs_of_organisers_do_the_same(world: World, facts: Meeting) -> None:
    key = world.organiser()
    api = "/registration/v1"

    def put(name: str, what: str, **body: object) -> TestResponse:
        return world.visitor.put(f"{api}/registrations/{id_of(world, name)}/{what}", json=body, headers=key)

    moved = put("Dora", "seat", reason="Spreekt")
    group = put("Cor", "target-group", targetGroup="bestuurder")
    wrong = put("Cor", "target-group", targetGroup="tovenaar")
    nothing = put("Anna", "approval", approved=True)
    entry = {"name": "Gast", "targetGroup": "inkoper"}
    entered = world.visitor.post(f"{api}/meetings/{facts.id}/desk-registrations", json=entry, headers=key)

    assert (moved.status_code, (moved.json or {})["status"]) == (200, "confirmed")
    assert (group.json or {})["targetGroup"] == "bestuurder"
    assert errors(wrong)[0]["name"] == "targetGroup"
    assert problem(nothing) == (409, "not-requested")
    assert (entered.status_code, (entered.json or {})["status"], (entered.json or {})["place"]) == (
        201,
        "waitlisted",
        2,
    )


PAGES = ["", "/registrations", "/new", "/plan", "/messages"]


def statuses(world: World, facts: Meeting) -> Sequence[int]:
    """What the pages and acts of the desk answer to whoever is signed in."""
    person = id_of(world, "Cor")
    pages = [world.visitor.get(f"{DESK}{page}").status_code for page in [*PAGES, f"/registrations/{person}"]]
    csrf_token = csrf(world.visitor.get("/registration/sign-in"))
    acts = [
        world.visitor.post(f"{DESK}{address}", data={"csrf_token": csrf_token}).status_code
        for address in (
            f"/registrations/{person}",
            f"/registrations/{person}/note",
            "/new",
            "/messages",
            "/messages/preview",
        )
    ]
    assert facts.slug == "inkoop"
    return [*pages, *acts]


def test_an_organiser_of_another_region_gets_nothing_and_an_auditor_only_reads(world: World, facts: Meeting) -> None:
    key = world.organiser("organiser", regions=["PV20"])
    person = f"/registration/v1/registrations/{id_of(world, 'Cor')}"
    api = [
        world.visitor.put(f"{person}/{what}", json={}, headers=key).status_code
        for what in ("approval", "seat", "target-group", "note")
    ]
    posts = [
        world.visitor.post(f"/registration/v1/meetings/{facts.id}/{what}", json={}, headers=key).status_code
        for what in ("messages", "desk-registrations")
    ]
    comes_as(world, "organiser", regions=["PV20"])
    elsewhere = statuses(world, facts)
    comes_as(world, "auditor")
    audited = statuses(world, facts)

    assert {*api, *posts, *elsewhere} == {403}
    assert audited == [200, 200, 403, 200, 200, 200, 403, 403, 403, 403, 403]
