"""Organisers: keys that are shown once, links that work once, and a revocation that every service hears of."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner, Result
from werkzeug.test import TestResponse

from services.registration.commands import add_commands
from shared.web.app import settings_of
from tests.registration.conftest import World, csrf


def run(world: World, *arguments: str) -> Result:
    commands = add_commands(click.Group(), lambda: (world.service.database, settings_of(world.service.app)))
    return CliRunner().invoke(commands, list(arguments))


def path_of(printed: Result) -> str:
    link = printed.output.strip()
    assert link.startswith("http://127.0.0.1:8000/")
    return urlsplit(link).path


def ask_for_link(world: World, address: str) -> tuple[int, str]:
    form = world.visitor.get("/registration/sign-in")
    answer = world.visitor.post("/registration/sign-in", data={"csrf_token": csrf(form), "email": address})
    assert world.told("link.requested") == []  # nothing is looked up while somebody waits
    world.do_what_is_due()
    return answer.status_code, answer.text


def test_an_organiser_asks_a_link_signs_in_with_its_button_and_out_again(world: World) -> None:
    assert (
        run(world, "organisers", "add", "Noor@Kring.example", "--role", "organiser", "--region", "PV26").exit_code == 0
    )
    ask_for_link(world, "noor@kring.example")
    (asked,) = world.told("link.requested")
    link = "/registration/sign-in/" + world.links.sign("sign-in", asked.id, valid_until=asked.valid_until)

    button = world.visitor.get(link)
    assert "Set-Cookie" not in button.headers or "kring_signin" not in button.headers["Set-Cookie"]
    assert world.visitor.get("/registration/desk").status_code == 303
    world.visitor.post(link, data={"csrf_token": csrf(button)})
    desk = world.visitor.get("/registration/desk")
    (session,) = world.told("access.changed")
    world.visitor.post("/registration/sign-out", data={"csrf_token": csrf(desk)})

    assert asked.email == "Noor@Kring.example"
    assert desk.status_code == 200
    assert (session.kind, session.role, session.regions) == ("session", "organiser", ("PV26",))
    assert world.told("access.changed")[-1].revoked
    assert world.visitor.get("/registration/desk").status_code == 303


@pytest.mark.parametrize(
    ("form", "purpose", "asked"),
    [
        ("/registration/sign-in", "sign-in", "/registration/desk?past=true"),
        ("/registration/network/sign-in", "network-sign-in", "/registration/network/sessions"),
    ],
)
def test_a_mailed_link_leads_to_the_page_that_was_asked_for(world: World, form: str, purpose: str, asked: str) -> None:
    """Also in another browser than the one in which it was asked for."""
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    world.sign_up(world.publish(target_groups=()), "Noor", email="noor@kring.example")
    sent_away = world.visitor.get(asked)
    assert sent_away.location.startswith(f"{form}?next=")

    page = world.visitor.get(sent_away.location)
    world.visitor.post(form, data={**hidden_in(page), "email": "noor@kring.example"})
    world.do_what_is_due()
    (told,) = world.told("link.requested")
    browser = world.service.app.test_client()
    link = f"{form}/{world.links.sign(purpose, told.id, valid_until=told.valid_until)}"
    came = browser.post(link, data=hidden_in(browser.get(link)), follow_redirects=True)

    assert came.status_code == 200
    assert came.request.full_path.rstrip("?") == asked
    if purpose == "sign-in":  # another service may not know the session yet, and sends back here
        onwards = browser.get(f"{form}?next=/organise/").text
        assert "U bent ingelogd" in onwards
        assert '<noscript><meta http-equiv="refresh" content="1; url=/organise/"></noscript>' in onwards
        assert 'name="email"' not in onwards


def hidden_in(page: TestResponse) -> dict[str, str]:
    """What a form sends along that nobody types."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))


def test_who_has_no_desk_begins_elsewhere(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "editor")
    link = path_of(run(world, "sign-in-link", "noor@kring.example"))
    form = world.visitor.get(link)

    began = world.visitor.post(link, data={"csrf_token": csrf(form)}, follow_redirects=True)

    assert began.status_code == 200
    assert 'href="/organise/"' in began.text
    sessions = world.visitor.get("/registration/sign-ins").text
    assert "noor@kring.example" in sessions
    assert "<td>Redacteur</td>" in sessions
    assert '<a href="/registration/sign-ins">Uitloggen</a>' in sessions  # at the foot of every page
    world.visitor.post("/registration/sign-out", data={"csrf_token": csrf(world.visitor.get("/registration/sign-ins"))})
    assert world.visitor.get("/registration/sign-ins").status_code == 303


def test_a_link_works_once_and_not_for_ever(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    used, old = (path_of(run(world, "sign-in-link", "noor@kring.example")) for _ in range(2))

    def press(address: str) -> int:
        form = world.visitor.get("/registration/sign-in")
        return world.visitor.post(address, data={"csrf_token": csrf(form)}).status_code

    first, second = press(used), press(used)
    world.clock.now += timedelta(days=1, seconds=1)

    assert (first, second) == (303, 404)
    assert press(old) == 404


def test_a_link_dies_with_what_it_stands_for_whatever_its_signature_says(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    ask_for_link(world, "noor@kring.example")
    (asked,) = world.told("link.requested")
    for_ever = "/registration/sign-in/" + world.links.sign("sign-in", asked.id)
    data = {"csrf_token": csrf(world.visitor.get(for_ever))}

    world.clock.now = asked.valid_until

    assert world.visitor.post(for_ever, data=data).status_code == 404


def test_asking_a_link_tells_nobody_who_is_an_organiser(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")

    unknown, known = (ask_for_link(world, f"{name}@kring.example") for name in ("niemand", "noor"))

    assert known == unknown
    assert len(world.told("link.requested")) == 1


def test_a_key_is_shown_once_and_stored_only_as_a_hash_and_revoked_everywhere(world: World) -> None:
    key = run(world, "keys", "add", "--role", "manager", "--name", "koppeling").output.strip()
    (made,) = world.told("access.changed")
    facts = world.publish(target_groups=())
    bearer = {"Authorization": f"Bearer {key}"}
    worked = world.get(facts, "registrations", headers=bearer).status_code

    listed = run(world, "keys", "list").output
    revoked = run(world, "keys", "revoke", made.id)

    assert (worked, revoked.exit_code) == (200, 0)
    assert "koppeling" in listed
    assert key not in listed
    assert key != made.secret_hash
    assert [(said.id, said.revoked) for said in world.told("access.changed")] == [(made.id, False), (made.id, True)]
    assert world.get(facts, "registrations", headers=bearer).status_code == 401
    assert run(world, "keys", "revoke", made.id).exit_code == 1


def test_who_loses_a_role_is_signed_out(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    link = path_of(run(world, "sign-in-link", "noor@kring.example"))
    world.visitor.post(link, data={"csrf_token": csrf(world.visitor.get(link))})
    assert world.visitor.get("/registration/desk").status_code == 200

    run(world, "organisers", "remove", "noor@kring.example")

    assert world.visitor.get("/registration/desk").status_code == 303


def test_organisers_end_their_own_sessions_and_a_manager_everyones(world: World) -> None:
    browsers = {}
    for name, role in (("noor", "manager"), ("otto", "organiser"), ("pim", "auditor")):
        run(world, "organisers", "add", f"{name}@kring.example", "--role", role, "--region", "PV26")
        browsers[name] = world.visitor = world.service.app.test_client()
        link = path_of(run(world, "sign-in-link", f"{name}@kring.example"))
        world.visitor.post(link, data={"csrf_token": csrf(world.visitor.get(link))})
    ids = {said.known_as: said.id for said in world.told("access.changed")}

    def is_in(name: str) -> bool:
        return browsers[name].get("/registration/desk").status_code == 200

    def end(who: str, whose: str) -> None:
        token = csrf(browsers[who].get("/registration/sign-ins"))
        address = f"/registration/sign-ins/{ids[f'{whose}@kring.example']}/end"
        browsers[who].post(address, data={"csrf_token": token})

    assert "noor@" not in browsers["otto"].get("/registration/sign-ins").text
    end("otto", "noor")
    assert is_in("noor")
    assert "otto@kring.example" in browsers["noor"].get("/registration/sign-ins").text
    end("noor", "otto")
    assert (is_in("noor"), is_in("otto"), is_in("pim")) == (True, False, True)
    end("pim", "pim")
    assert not is_in("pim")


def test_a_manager_makes_and_revokes_keys_in_the_browser(world: World) -> None:
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    link = path_of(run(world, "sign-in-link", "noor@kring.example"))
    world.visitor.post(link, data={"csrf_token": csrf(world.visitor.get(link))})
    token = csrf(world.visitor.get("/registration/keys"))

    made = world.visitor.post(
        "/registration/keys", data={"csrf_token": token, "name": "kassa", "role": "organiser", "regions": "PV26, PV27"}
    )
    key = re.search(r"<code>([^<]+)</code>", made.text)
    assert key
    (said,) = (said for said in world.told("access.changed") if said.kind == "key")
    facts = world.publish(target_groups=())
    bearer = {"Authorization": f"Bearer {key[1]}"}
    worked = world.get(facts, "registrations", headers=bearer).status_code
    world.visitor.post(f"/registration/keys/{said.id}/revocation", data={"csrf_token": token})

    assert said.regions == ("PV26", "PV27")
    assert worked == 200
    assert key[1] not in world.visitor.get("/registration/keys").text
    assert world.get(facts, "registrations", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    "arguments", [("organisers", "add", "noor", "--role", "manager"), ("sign-in-link", "x@y.example")]
)
def test_a_command_with_a_wrong_address_says_so(world: World, arguments: tuple[str, ...]) -> None:
    done = run(world, *arguments)

    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "Traceback" not in done.output
