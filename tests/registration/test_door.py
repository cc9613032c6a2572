"""The door: who came, who comes without having signed up, and what is counted afterwards."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from services.registration.rules.door import door_code, read_code
from services.registration.tables import registration
from shared.db.transaction import new_id
from shared.events.catalog import Meeting, MeetingChanged, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, comes_as, csrf, errors, id_of, problem, status_of

DOOR = "/registration/check-in/inkoop"


@pytest.fixture
def facts(world: World) -> Meeting:
    """Two seats, taken by Anna and Bram; Wim waits. The meeting begins now."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=2), target_groups=())
    for name, organisation in (("Anna", "Gouda"), ("Bram", "Súdwest-Fryslân"), ("Wim", "Gouda")):
        world.sign_up(facts, name, organisation=organisation)
    world.clock.now = NOON
    return facts


def press(world: World, where: str, **fields: str) -> TestResponse:
    token = csrf(world.visitor.get(DOOR))
    return world.visitor.post(f"{DOOR}/{where}", data={"csrf_token": token, **fields}, follow_redirects=True)


def counters(page: TestResponse) -> tuple[int, int]:
    found = re.search(r"Verwacht: <strong>(\d+)</strong>. Aanwezig: <strong id=\"present\">(\d+)<", page.text)
    assert found, page.text
    return int(found[1]), int(found[2])


def test_one_button_notes_who_came_and_another_takes_it_back(world: World, facts: Meeting) -> None:
    comes_as(world, "helper", meeting_id=facts.id)
    before = counters(world.visitor.get(DOOR))

    came = press(world, id_of(world, "Anna"), attended="true")
    again = press(world, id_of(world, "Anna"), attended="true")
    undone = press(world, id_of(world, "Anna"), attended="false")

    assert [before, counters(came), counters(again), counters(undone)] == [(2, 0), (2, 1), (2, 1), (2, 0)]
    assert [said.registration.status for said in world.told("registration.changed")] == ["attended"]
    assert "Aanwezigheid afsluiten" not in came.text
    assert "gemeente.example" not in came.text


def test_people_are_found_by_name_by_organisation_and_by_the_code_on_their_badge(world: World, facts: Meeting) -> None:
    comes_as(world, "helper", meeting_id=facts.id)
    code = door_code(id_of(world, "Bram"))

    by_organisation = world.visitor.get(DOOR, query_string={"q": " sudwest"}).text
    by_code = world.visitor.get(DOOR, query_string={"code": f"{code[:4].lower()} {code[4:]}"})
    by_nothing = world.visitor.get(DOOR, query_string={"code": "0000"}).text

    assert ("Bram" in by_organisation, "Anna" in by_organisation) == (True, False)
    assert ("Bram" in by_code.text, "Anna" in by_code.text) == (True, False)
    assert f'formaction="{DOOR}/{id_of(world, "Bram")}"' in by_code.text
    assert "camera=(self)" in by_code.headers["Permissions-Policy"]
    assert "Niemand op de lijst heeft deze code" in by_nothing


def test_a_code_is_short_says_nothing_and_forgives_who_types_it() -> None:
    codes = {door_code(new_id()) for _ in range(1000)}

    assert len(codes) == 1000
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", code) for code in codes)
    assert read_code("oi l1-ab cd") == "0111ABCD"


def test_who_had_not_signed_up_comes_in_within_the_plan_and_over_it_only_with_a_reason(world: World) -> None:
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=1), target_groups=())
    comes_as(world, "helper", meeting_id=facts.id)
    eva = {"key": new_id(), "name": "Eva", "targetGroup": "inkoper", "organisation": "Gouda"}
    fay = {"key": new_id(), "name": "Fay", "targetGroup": "inkoper", "email": "fay@gemeente.example"}

    within = press(world, "walk-in", **eva)
    twice = press(world, "walk-in", **eva)
    full = press(world, "walk-in", **fay)
    over = press(world, "walk-in", **fay, reason="De wethouder")

    assert (counters(within), counters(twice)) == ((1, 1), (1, 1))
    assert full.status_code == 400
    assert "Waarom laat u deze persoon binnen?" in full.text
    assert 'value="fay@gemeente.example"' in full.text
    assert counters(over) == (2, 2)
    seats = world.get(facts, "seats", headers=world.organiser()).json
    assert seats
    assert (seats["taken"], seats["overPlan"]) == (2, 1)
    assert world.counts_are_right()


def test_who_is_on_the_list_already_or_whose_role_nobody_knows_does_not_walk_in(world: World, facts: Meeting) -> None:
    comes_as(world, "helper", meeting_id=facts.id)

    known = press(world, "walk-in", key=new_id(), name="A.", targetGroup="inkoper", email="anna@gemeente.example")
    unknown = press(world, "walk-in", key=new_id(), name="Gé", targetGroup="tovenaar")

    assert (known.status_code, unknown.status_code) == (400, 400)
    assert 'id="email-error"' in known.text
    assert 'id="targetGroup-error"' in unknown.text
    assert counters(unknown) == (2, 0)


def test_who_waits_and_shows_up_is_let_in_with_a_reason(world: World, facts: Meeting) -> None:
    comes_as(world, "organiser", regions=["PV26"])
    code = door_code(id_of(world, "Wim"))
    assert f"code={code}" in world.visitor.get(DOOR).text

    without = press(world, f"{id_of(world, 'Wim')}/seat", reason=" ")
    let_in = press(world, f"{id_of(world, 'Wim')}/seat", reason="Er is een stoel over")
    twice = press(world, f"{id_of(world, 'Wim')}/seat", reason="Er is een stoel over")

    assert without.status_code == 400
    assert 'id="reason-error"' in without.text
    assert (counters(let_in), counters(twice)) == ((3, 1), (3, 1))
    assert world.rows_told_together()[-1] == ["confirmed Wim", "changed Wim"]
    assert facts.seat_plan.capacity == 2
    assert world.counts_are_right()


def test_nobody_is_checked_in_by_someone_who_may_not_or_through_another_meeting(world: World, facts: Meeting) -> None:
    other = world.publish(slug="anders", target_groups=())
    anna = id_of(world, "Anna")

    assert world.visitor.get(DOOR).headers["Location"].startswith("/registration/sign-in?next=")
    comes_as(world, "auditor")
    assert world.visitor.get(DOOR).status_code == 403
    comes_as(world, "helper", meeting_id=other.id)
    assert world.visitor.get(DOOR).status_code == 403
    elsewhere = "/registration/check-in/anders"
    token = csrf(world.visitor.get(elsewhere))
    foreign = world.visitor.post(f"{elsewhere}/{anna}", data={"csrf_token": token, "attended": "true"})
    closing = world.visitor.post(f"{elsewhere}/closing", data={"csrf_token": token})

    assert (foreign.status_code, closing.status_code) == (404, 403)
    assert status_of(world, "Anna") == "confirmed"
    assert facts.id != other.id


@pytest.mark.usefixtures("facts")
def test_closing_makes_no_shows_and_one_person_can_still_be_corrected(world: World) -> None:
    comes_as(world, "manager")
    world.clock.now = NOON - timedelta(minutes=1)
    assert "Dit kan zodra de bijeenkomst is begonnen" in world.visitor.get(DOOR).text
    assert press(world, "closing").status_code == 409
    world.clock.now = NOON
    press(world, id_of(world, "Anna"), attended="true")

    closed = press(world, "closing")
    statuses = status_of(world, "Anna"), status_of(world, "Bram"), status_of(world, "Wim")
    press(world, "closing")
    press(world, id_of(world, "Bram"), attended="true")

    assert "Afgesloten op" in closed.text
    assert closed.text.count('data-says="missed">Niet gekomen') == 1
    assert statuses == ("attended", "no_show", "waitlisted")
    counted = [
        [(c.registered, c.attended, c.no_show) for c in said.counts] for said in world.told("attendance.counted")
    ]
    assert counted == [[(2, 1, 1)], [(2, 2, 0)]]


def test_a_program_notes_who_came_and_twice_is_once(world: World, facts: Meeting) -> None:
    def put(name: str, attended: object) -> TestResponse:
        address = f"/registration/v1/registrations/{id_of(world, name)}/attendance"
        return world.visitor.put(address, json={"attended": attended}, headers=key)

    key = world.organiser("organiser", regions=[facts.regions[0].code])
    answers = [put("Anna", attended=True), put("Anna", attended=True), put("Anna", attended=False)]

    assert [answer.json and answer.json["status"] for answer in answers] == ["attended", "attended", "confirmed"]
    assert problem(put("Wim", attended=True)) == (409, "no-seat")
    assert errors(put("Anna", attended="perhaps"))[0]["name"] == "attended"


def test_a_helpers_program_reaches_their_own_meeting_only_and_gets_no_address(world: World, facts: Meeting) -> None:
    other = world.publish(slug="anders", target_groups=())
    address = f"/registration/v1/registrations/{id_of(world, 'Anna')}/attendance"
    own, elsewhere = (world.organiser("helper", meeting_id=meeting.id) for meeting in (facts, other))

    answer = world.visitor.put(address, json={"attended": True}, headers=own)

    assert answer.json
    assert (answer.json["name"], answer.json["status"]) == ("Anna", "attended")
    assert "email" not in answer.json
    assert world.visitor.put(address, json={"attended": True}, headers=elsewhere).status_code == 403
    assert world.visitor.put(address, json={"attended": True}).status_code == 401


def test_what_was_asked_to_receive_people_is_erased_in_time_and_follows_a_meeting_that_moves(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna", organisation="Gouda")
    with world.service.database.begin() as tx:
        tx.session.execute(update(registration).values(phone="+31 6 12345678", needs={"diet": "vegan"}))

    def kept(at: Any) -> tuple[bool, bool, str]:
        world.clock.now = at
        world.do_what_is_due()
        with world.service.database.reading() as session:
            row = session.execute(select(registration)).one()
        return bool(row.phone), bool(row.needs), row.organisation

    evening, moved = NOON + timedelta(hours=9), timedelta(days=14)
    assert kept(evening) == (True, True, "Gouda")
    later = {"starts_at": facts.starts_at + moved, "ends_at": facts.ends_at + moved, "revision": 2}
    tell(world.service, MeetingChanged(meeting=a_meeting(id=facts.id, target_groups=(), **later), changed=("time",)))
    assert kept(evening + timedelta(days=8)) == (True, True, "Gouda")
    assert kept(evening + moved) == (True, True, "Gouda")
    assert kept(NOON + moved + timedelta(hours=10)) == (False, True, "Gouda")
    assert kept(facts.ends_at + moved + timedelta(days=7)) == (False, False, "Gouda")


@pytest.mark.usefixtures("facts")
def test_helpers_come_in_by_a_link_that_opens_this_door_only_until_midnight_or_until_they_are_dismissed(
    world: World,
) -> None:
    comes_as(world, "organiser", regions=["PV26"])
    made = press(world, "helpers")
    link = re.search(r"<code>http://127.0.0.1:8000(/registration/check-in/inkoop/helper/[^<]+)</code>", made.text)
    assert link
    phone = world.service.app.test_client()

    shown = phone.get(link[1])
    assert phone.get(DOOR).status_code == 303
    phone.post(link[1], data={"csrf_token": csrf(shown)})

    door = phone.get(DOOR)
    assert counters(door) == (2, 0)
    assert "/registration/desk" not in door.text  # no link that a helper may not follow
    assert 'href="/registration/desk/inkoop"' in world.visitor.get(DOOR).text
    assert phone.get("/registration/desk/inkoop").status_code == 403
    assert phone.get(f"{DOOR}/helpers").status_code == 403
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    world.clock.now = NOON + timedelta(hours=10)  # midnight in Utrecht
    assert phone.get(DOOR).status_code == 303
    world.clock.now = NOON
    press(world, "helpers/dismissal")
    assert phone.get(DOOR).status_code == 303
    assert phone.get(link[1]).status_code == 404
