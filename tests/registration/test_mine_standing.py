"""My registration says how it stands in every state, what comes next, and all that ever happened to it."""

from datetime import timedelta
from typing import Any

import pytest

from services.registration.actions.approve_registration import reject_registration
from services.registration.actions.check_in import close_attendance
from services.registration.actions.set_standing import Act
from shared.events.catalog import MeetingCancelled, RegistrationTerms, SeatPlan, Session
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, problem

CONFIRM_FIRST = RegistrationTerms(confirm_first=True)
TO_BE_APPROVED = RegistrationTerms(approval=True)


def told_ids(world: World, kind: str) -> list[str]:
    return [said.registration.id for said in world.told(f"registration.{kind}")]


def test_who_has_to_confirm_gets_what_the_rule_gives_only_by_the_button(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1), target_groups=(), registration=CONFIRM_FIRST)
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)

    opened = world.mine("Anna")
    before = world.told("registration.confirmed")
    bram = world.press("Bram", "/confirmation")
    anna = world.press("Anna", "/confirmation")

    assert "U moet nog bevestigen dat u het was" in opened.text
    assert "Ja, ik meld mij aan" in opened.text
    assert before == []
    assert "U heeft een plek" in bram.text
    assert "U bent nummer 1 op de wachtlijst" in anna.text


def test_who_confirms_too_late_reads_why_it_cannot_be(world: World) -> None:
    no_list = SeatPlan(capacity=1, waiting_list=False)
    facts = world.publish(seat_plan=no_list, target_groups=(), registration=CONFIRM_FIRST)
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    world.press("Anna", "/confirmation")

    full = world.press("Bram", "/confirmation")

    assert full.status_code == 409
    assert "Alle plekken zijn bezet" in full.text


def test_programs_confirm_with_the_token_of_the_link_and_organisers_cannot(world: World) -> None:
    facts = world.publish(target_groups=(), registration=CONFIRM_FIRST)
    world.sign_up(facts, "Anna")
    (anna,) = told_ids(world, "unconfirmed")
    confirmation = f"/registration/v1/registrations/{anna}/confirmation"

    organisers = world.visitor.put(confirmation, headers=world.organiser())
    own = [world.visitor.put(confirmation, headers=world.bearer("Anna")) for _ in range(2)]

    assert organisers.status_code == 403
    assert [(answer.json or {})["status"] for answer in own] == ["confirmed", "confirmed"]
    assert len(world.told("registration.confirmed")) == 1


def test_a_request_waits_for_the_organiser_and_a_refusal_says_why(world: World) -> None:
    facts = world.publish(target_groups=(), registration=TO_BE_APPROVED)
    world.sign_up(facts, "Anna")
    asked = world.mine("Anna").text
    (anna,) = told_ids(world, "requested")
    with world.service.database.begin() as tx:
        act = Act(name="reject", cause="organiser", by="noor", reason="Deze keer alleen voor Utrecht.")
        reject_registration(tx, anna, act)

    turned_down = world.mine("Anna").text

    assert "U heeft gevraagd om mee te doen" in asked
    assert "De organisator heeft besloten dat u niet kunt meedoen" in turned_down
    assert "Deze keer alleen voor Utrecht." in turned_down
    assert "noor" not in turned_down


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (SeatPlan(capacity=1), "Zodra er een plek voor u vrijkomt, krijgt u die vanzelf"),
        (SeatPlan(capacity=1, promotion="offer"), "Zodra er een plek voor u vrijkomt, houden wij die"),
        (SeatPlan(capacity=1, promotion="manual"), "beslist de organisator"),
        (
            SeatPlan(capacity=2, reserved={"bestuurder": 1}, release_at=NOON - timedelta(days=7)),
            "donderdag 3 juni 2027, 14.00 uur",
        ),
    ],
)
def test_who_waits_reads_when_the_next_decision_falls(world: World, plan: SeatPlan, words: str) -> None:
    facts = world.publish(seat_plan=plan, target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)

    assert words in world.mine("Bram").text


def test_in_the_last_two_hours_who_waits_reads_who_still_has_a_chance(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1), target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    world.clock.now = NOON - timedelta(hours=1)

    assert "op het laatste moment" in world.mine("Bram").text


def test_the_page_tells_all_that_happened_and_by_whom(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1, promotion="offer"), target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    world.press("Anna", reason="Ziek")
    world.clock.now += timedelta(days=2)
    world.do_what_is_due()

    bram = world.mine("Bram").text.split("<caption>")[1]
    anna = world.mine("Anna").text

    lines = ["Aangemeld", "Kreeg een plek aangeboden", "Antwoordde niet op tijd op het aanbod"]
    assert [bram.index(line) for line in lines] == sorted(bram.index(line) for line in lines)
    assert "<td>u</td>" in bram
    assert "dinsdag 11 mei 2027, 14.00 uur" in bram
    assert "U heeft zich afgemeld." in anna
    assert "Ziek" in anna


def test_who_was_signed_off_reads_by_whom(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (anna,) = told_ids(world, "confirmed")
    address = f"/registration/v1/registrations/{anna}/cancellation"
    world.visitor.put(address, json={}, headers=world.organiser())

    assert "De organisator heeft u afgemeld." in world.mine("Anna").text


@pytest.mark.parametrize("words", ["U was erbij", "U bent niet gezien"])
def test_afterwards_the_page_says_who_was_there(world: World, words: str) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (anna,) = told_ids(world, "confirmed")
    world.clock.now = NOON + timedelta(hours=1)
    organiser = world.organiser()
    if words == "U was erbij":
        world.visitor.put(
            f"/registration/v1/registrations/{anna}/attendance", json={"attended": True}, headers=organiser
        )
    else:
        with world.service.database.begin() as tx:
            close_attendance(tx, facts.id, Act(name="close-attendance", cause="organiser", by="noor"))

    page = world.mine("Anna").text

    assert words in page
    assert "Afmelden" not in page


def test_a_meeting_that_was_called_off_leaves_nothing_to_press(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    off = a_meeting(id=facts.id, slug=facts.slug, status="cancelled", revision=2, target_groups=())
    tell(world.service, MeetingCancelled(meeting=off))

    page = world.mine("Anna").text

    assert "afgelast" in page
    assert "<button" not in page.partition("<main")[2]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(72, "liefst 3 dagen van tevoren af"), (24, "liefst 1 dag van tevoren af"), (0, "tot de bijeenkomst begint")],
)
def test_signing_off_is_always_possible_and_rather_earlier_than_later(world: World, hours: int, words: str) -> None:
    terms = RegistrationTerms(cancel_free_until_hours=hours)
    facts = world.publish(target_groups=(), registration=terms)
    world.sign_up(facts, "Anna")

    asked = world.mine("Anna").text
    world.clock.now = NOON - timedelta(minutes=1)
    late = world.cancel("Anna")

    assert words in asked
    assert "U heeft zich afgemeld." in late.text


def test_a_registration_in_json_says_its_sessions_and_where_it_waits(world: World) -> None:
    parts = (
        Session(id="s1", title={"nl": "Gesprekstafel"}, capacity=1),
        Session(id="s2", title={"nl": "Werkplaats"}, capacity=9),
    )
    facts = world.publish(seat_plan=SeatPlan(capacity=5), target_groups=(), sessions=parts)
    world.sign_up(facts, "Anna", sessions=["s1"])
    world.sign_up(facts, "Bram", sessions=["s1", "s2"])
    bram = told_ids(world, "confirmed")[1]

    read = world.visitor.get(f"/registration/v1/registrations/{bram}", headers=world.bearer("Bram"))
    listed = world.get(facts, "registrations", headers=world.organiser())
    page = world.mine("Bram").text

    chosen: list[dict[str, Any]] = [
        {"id": "s1", "status": "waitlisted", "place": 1},
        {"id": "s2", "status": "confirmed", "place": None},
    ]
    assert read.json
    assert read.json["sessions"] == (listed.json or [])[1]["sessions"] == chosen
    assert (read.json["kind"], read.json["answer"], read.json["delivery"]) == ("participant", None, None)
    assert "Gesprekstafel: u bent nummer 1 op de wachtlijst" in page
    assert "Werkplaats: u heeft een plek" in page
    assert problem(world.visitor.get("/registration/v1/registrations/none", headers=world.organiser()))[0] == 404
