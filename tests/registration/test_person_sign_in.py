"""Participants sign in with a link that was mailed to an address which signed up once, and are out again at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.registration.tables import person_link, person_session
from shared.web.access import PERSON_COOKIE
from tests.registration.conftest import World, comes_as, csrf

SIGN_IN, SESSIONS = "/registration/network/sign-in", "/registration/network/sessions"
ANNA = "anna@gemeente.example"


def ask(world: World, address: str) -> tuple[int, str]:
    form = world.visitor.get(SIGN_IN)
    answer = world.visitor.post(SIGN_IN, data={"csrf_token": csrf(form), "email": address})
    return answer.status_code, answer.text


def link(world: World) -> str:
    """The link that was asked for last."""
    world.do_what_is_due()
    asked = world.told("link.requested")[-1]
    return f"{SIGN_IN}/{world.links.sign('network-sign-in', asked.id, valid_until=asked.valid_until)}"


def press(world: World, address: str) -> TestResponse:
    form = world.visitor.get(SIGN_IN)
    return world.visitor.post(address, data={"csrf_token": csrf(form)})


def test_a_participant_asks_a_link_signs_in_by_its_button_once_and_out_again(world: World) -> None:
    world.sign_up(world.publish(target_groups=()), "Anna")
    assert ask(world, " Anna@Gemeente.EXAMPLE ")[0] == 202
    address = link(world)

    button = world.visitor.get(address)
    assert world.visitor.get_cookie(PERSON_COOKIE, path="/registration") is None
    assert world.visitor.get(SESSIONS).location.startswith(SIGN_IN)
    signed_in = world.visitor.post(address, data={"csrf_token": csrf(button)})
    cookie = world.visitor.get_cookie(PERSON_COOKIE, path="/registration")
    mine = world.visitor.get(SESSIONS)
    on_the_way = world.visitor.get(f"{SIGN_IN}?next={SESSIONS}")
    again = press(world, address)
    assert 'action="/registration/network/sign-out"' in world.visitor.get("/registration/network").text
    world.visitor.post("/registration/network/sign-out", data={"csrf_token": csrf(mine)})

    (asked,) = world.told("link.requested")
    assert (asked.email, asked.purpose, asked.reader) == (ANNA, "sign-in", "participant")
    assert (signed_in.status_code, mine.status_code, again.status_code) == (303, 200, 404)
    assert cookie
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert mine.headers["Cache-Control"] == "no-store"
    assert (on_the_way.status_code, on_the_way.location) == (303, SESSIONS)
    with world.service.database.reading() as session:
        assert session.execute(select(person_session)).all() == []
    world.visitor.set_cookie(PERSON_COOKIE, cookie.value, path="/registration")
    assert world.visitor.get(SESSIONS).status_code == 303


def test_nobody_learns_who_is_known_nor_is_anything_kept_of_a_stranger(world: World) -> None:
    world.sign_up(world.publish(target_groups=()), "Anna")

    assert ask(world, ANNA) == ask(world, "niemand@gemeente.example")

    assert world.told("link.requested") == []  # nothing is looked up while somebody waits
    with world.service.database.reading() as session:
        assert len(session.execute(select(person_link)).all()) == 2
    world.do_what_is_due()
    assert [asked.email for asked in world.told("link.requested")] == [ANNA]
    with world.service.database.reading() as session:
        assert session.scalars(select(person_link.c.address_key)).all() == [ANNA]


def test_signing_in_makes_a_new_session_and_ends_the_one_of_this_browser(world: World) -> None:
    world.sign_up(world.publish(target_groups=()), "Anna")
    first, other = world.person(ANNA), world.person(ANNA)
    old = first.get_cookie(PERSON_COOKIE, path="/registration")
    assert old

    world.visitor = first
    ask(world, ANNA)
    press(world, link(world))
    new = first.get_cookie(PERSON_COOKIE, path="/registration")
    assert new
    assert new.value != old.value
    thief = world.service.app.test_client()
    thief.set_cookie(PERSON_COOKIE, old.value, path="/registration")
    assert thief.get(SESSIONS).status_code == 303

    shown = first.get(SESSIONS)
    with world.service.database.reading() as session:
        ids = session.scalars(select(person_session.c.id).order_by(person_session.c.id)).all()
    first.post(f"{SESSIONS}/{ids[0]}/end", data={"csrf_token": csrf(shown)})
    assert other.get(SESSIONS).status_code == 303
    assert first.get(SESSIONS).status_code == 200


def test_nobody_ends_the_session_of_another(world: World) -> None:
    anna, bram = world.person(ANNA), world.person("bram@gemeente.example")
    with world.service.database.reading() as session:
        hers = session.scalar(select(person_session.c.id).where(person_session.c.address_key == ANNA))

    bram.post(f"{SESSIONS}/{hers}/end", data={"csrf_token": csrf(bram.get(SESSIONS))})

    assert anna.get(SESSIONS).status_code == 200


@pytest.mark.parametrize("what", ["link", "session"])
def test_links_and_sessions_end_by_themselves_and_leave_nothing(world: World, what: str) -> None:
    world.sign_up(world.publish(target_groups=()), "Anna")
    person = world.person(ANNA)
    ask(world, ANNA)
    address = link(world)

    world.clock.now += timedelta(minutes=15) if what == "link" else timedelta(hours=8)

    if what == "link":
        assert press(world, address).status_code == 404
    else:
        assert person.get(SESSIONS).status_code == 303
    world.do_what_is_due()
    with world.service.database.reading() as session:
        table = person_link if what == "link" else person_session
        assert session.execute(select(table)).all() == []


def test_an_organisers_session_is_no_participants_and_both_may_be_open_at_once(world: World) -> None:
    comes_as(world, "manager")
    assert world.visitor.get(SESSIONS).location.startswith(SIGN_IN)
    participant = world.person(ANNA)
    assert participant.get("/registration/desk").location.startswith("/registration/sign-in")

    world.sign_in(world.visitor, ANNA)

    assert world.visitor.get("/registration/desk").status_code == 200
    assert world.visitor.get(SESSIONS).status_code == 200
