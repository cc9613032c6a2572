"""My registration: a link that shows, a button that cancels, and no way to someone else's."""

from datetime import timedelta

import pytest

from shared.events.catalog import MeetingChanged, SeatPlan
from shared.people.links import Links
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, csrf, problem


def test_opening_the_link_changes_nothing_and_leaves_no_token_in_the_address(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1), target_groups=())
    world.sign_up(facts, "Anna")

    answer = world.visitor.get(world.mine_link("Anna"))
    page = world.visitor.get(answer.headers["Location"])

    own = answer.headers["Location"]
    assert answer.status_code == 303
    assert own.startswith("/registration/mine/r/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert f"Path={own}" in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "U heeft een plek" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert world.told("registration.cancelled") == []


def test_who_waits_reads_the_place_and_the_rule_in_words(world: World) -> None:
    plan = SeatPlan(capacity=2, reserved={"bestuurder": 1})
    facts = world.publish(seat_plan=plan, target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)

    page = world.visitor.get(world.mine_link("Bram"), follow_redirects=True)

    assert "U bent nummer 1 op de wachtlijst" in page.text
    assert "Soms gaat een andere rol voor" in page.text
    assert 'href="/feedback?page=/registration/mine/r/%7Bregistration_id%7D&amp;satisfied=no"' in page.text  # no id


def test_the_online_link_is_shown_only_to_who_has_a_seat(world: World) -> None:
    facts = world.publish(
        seat_plan=SeatPlan(capacity=1), target_groups=(), attendance_mode="online", online_url="https://meet.example/42"
    )
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)

    seated, waiting = (
        world.visitor.get(world.mine_link(name), follow_redirects=True).text for name in ("Anna", "Bram")
    )
    sign_up = world.visitor.get(f"/registration/meetings/{facts.slug}").text

    assert "https://meet.example/42" in seated
    assert "meet.example" not in waiting + sign_up


def test_a_link_opens_one_registration_and_no_other(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Bram")
    anna, bram = (said.registration.id for said in world.told("registration.confirmed"))
    token = world.mine_link("Anna").rsplit("/", 1)[1]
    bearer = {"Authorization": f"Bearer {token}"}

    own = world.visitor.get(f"/registration/v1/registrations/{anna}", headers=bearer)
    others = [
        world.visitor.get(f"/registration/v1/registrations/{bram}", headers=bearer),
        world.visitor.put(f"/registration/v1/registrations/{bram}/cancellation", json={}, headers=bearer),
        world.get(facts, "registrations", headers=bearer),
        world.get(facts, "attendees", headers=bearer),
    ]

    assert own.status_code == 200
    assert [answer.status_code for answer in others] == [403, 403, 403, 403]
    world.visitor.set_cookie("kring_link", token, path="/")
    assert world.visitor.get(f"/registration/mine/r/{bram}").status_code == 403


@pytest.mark.parametrize("key", ["k" * 20 + "another0123456789", None])
def test_a_forged_or_broken_link_opens_nothing(world: World, key: str | None) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (said,) = world.told("registration.confirmed")
    token = Links([key]).sign("mine", said.registration.id, 1) if key else "nonsense"

    page = world.visitor.get(f"/registration/mine/{token}")

    assert page.status_code == 404
    assert "Deze link werkt niet meer" in page.text


def test_a_link_of_an_older_version_opens_nothing_as_a_page_a_cookie_or_a_bearer(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    (said,) = world.told("registration.confirmed")
    token = world.links.sign("mine", said.registration.id, said.registration.link_version - 1)

    page = world.visitor.get(f"/registration/mine/{token}")
    by_key = world.visitor.get(
        f"/registration/v1/registrations/{said.registration.id}", headers={"Authorization": f"Bearer {token}"}
    )
    world.visitor.set_cookie("kring_link", token, path="/")
    by_cookie = world.visitor.get(f"/registration/mine/r/{said.registration.id}")

    assert (page.status_code, by_key.status_code, by_cookie.status_code) == (404, 401, 303)


def test_the_person_and_an_organiser_cancel_by_api_and_the_cause_says_who(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Bram")
    anna, bram = (said.registration.id for said in world.told("registration.confirmed"))
    token = world.mine_link("Anna").rsplit("/", 1)[1]

    own = world.visitor.put(
        f"/registration/v1/registrations/{anna}/cancellation",
        headers={"Authorization": f"Bearer {token}"},
    )
    organisers = world.visitor.put(
        f"/registration/v1/registrations/{bram}/cancellation", json={"reason": "dubbel"}, headers=world.organiser()
    )

    assert [answer.json and answer.json["status"] for answer in (own, organisers)] == ["cancelled", "cancelled"]
    causes = [said.registration.cause for said in world.told("registration.cancelled")]
    assert causes == ["participant", "organiser"]


def test_once_it_has_begun_nobody_cancels_any_more(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    page = world.visitor.get(world.mine_link("Anna"), follow_redirects=True)
    world.clock.now = NOON

    refused = world.visitor.post(page.request.path, data={"csrf_token": csrf(page)})

    assert refused.status_code == 409
    assert world.told("registration.cancelled") == []


def test_a_form_from_another_site_or_without_its_token_cancels_nothing(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    page = world.visitor.get(world.mine_link("Anna"), follow_redirects=True)
    token = {"csrf_token": csrf(page)}

    foreign = world.visitor.post(page.request.path, data=token, headers={"Origin": "https://evil.example"})
    without = world.visitor.post(page.request.path)

    assert (foreign.status_code, without.status_code) == (403, 400)
    assert world.told("registration.cancelled") == []


def test_without_the_link_the_page_says_where_to_find_it(world: World) -> None:
    answer = world.visitor.get("/registration/mine/r/0190a000-0000-7000-8000-000000000009", follow_redirects=True)

    assert "Open deze pagina met de link in de mail" in answer.text


def test_a_moved_meeting_shows_its_new_time(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    moved = a_meeting(
        id=facts.id,
        slug=facts.slug,
        revision=2,
        target_groups=(),
        starts_at=NOON + timedelta(days=1),
        ends_at=NOON + timedelta(days=1, hours=3),
    )
    tell(world.service, MeetingChanged(meeting=moved, changed=("time",)))

    assert (
        "vrijdag 11 juni 2027, 14.00\u201317.00 uur"
        in world.visitor.get(world.mine_link("Anna"), follow_redirects=True).text
    )


def test_an_unknown_registration_is_unknown_to_those_who_may_ask_and_refused_to_others(world: World) -> None:
    nobody = "/registration/v1/registrations/0190a000-0000-7000-8000-000000000009"

    assert world.visitor.get(nobody).status_code == 401
    assert world.visitor.get(nobody, headers=world.organiser("helper")).status_code == 403
    assert problem(world.visitor.get(nobody, headers=world.organiser()))[0] == 404
