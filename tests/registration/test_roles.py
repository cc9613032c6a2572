"""Programme managers give and end roles in the browser; everything they do there stands in the audit log."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.registration.conftest import World, comes_as, csrf
from tests.registration.members import know_words
from tests.registration.test_sign_in import path_of, run

ROLES = "/registration/roles"


@pytest.fixture
def manager(world: World) -> World:
    """The visitor's browser is that of a programme manager, Noor."""
    know_words(world)
    run(world, "organisers", "add", "noor@kring.example", "--role", "manager")
    sign_in(world, "noor")
    return world


def sign_in(world: World, name: str) -> None:
    link = path_of(run(world, "sign-in-link", f"{name}@kring.example"))
    world.visitor.post(link, data={"csrf_token": csrf(world.visitor.get(link))})


def gives(world: World, **typed: object) -> TestResponse:
    """Fill in the form; then press what the page that asks once more offers."""
    sent = {"csrf_token": csrf(world.visitor.get(ROLES)), "email": "otto@kring.example", **typed}
    asked = world.visitor.post(ROLES, data=sent)
    if asked.status_code != 200:
        return asked
    kept = {name: re.findall(f'name="{name}" value="([^"]*)"', asked.text) for name in ("email", "role", "regions")}
    done = world.visitor.post(ROLES, data={**kept, "csrf_token": csrf(asked), "confirmed": "yes"})
    assert done.status_code == 303
    return asked


def line_of(page: TestResponse, who: str) -> str:
    """The line of a table about somebody."""
    lines = (part.partition("</tr>")[0] for part in page.text.split("<tr>"))
    return next((line for line in lines if f'<th scope="row">{who}</th>' in line), "")


def test_a_role_is_looked_at_given_changed_and_ended_and_all_of_it_is_on_record(manager: World) -> None:
    asked = gives(manager, role="organiser", regions=["PV26", "PV31"])
    assert "Organisator: Utrecht, Limburg" in asked.text
    assert "Er is nog niets opgeslagen" in asked.text
    assert "Utrecht, Limburg" in line_of(manager.visitor.get(ROLES), "otto@kring.example")

    noor, manager.visitor = manager.visitor, manager.service.app.test_client()
    sign_in(manager, "otto")
    otto, manager.visitor = manager.visitor, noor
    assert otto.get("/registration/desk").status_code == 200
    changed = gives(manager, role="editor", regions=["PV26"])
    assert "Organisator: Utrecht, Limburg" in changed.text  # what it was
    assert otto.get("/registration/desk").status_code == 303
    line = line_of(manager.visitor.get(ROLES), "otto@kring.example")
    assert "Redacteur" in line
    assert "Utrecht" not in line

    ending = re.findall(r'href="([^"]+/ending)"', line)[0]
    asked = manager.visitor.get(ending)
    assert "otto@kring.example" in asked.text
    assert line_of(manager.visitor.get(ROLES), "otto@kring.example")  # nothing happened yet
    assert manager.visitor.post(ending, data={"csrf_token": csrf(asked)}).status_code == 303
    assert not line_of(manager.visitor.get(ROLES), "otto@kring.example")

    lines = manager.visitor.get("/registration/audit").text.split("<tr>")
    acts = " ".join(line for line in lines if "noor@kring.example" in line and "otto@kring.example" in line)
    assert (acts.count("Bevoegdheid gegeven"), acts.count("Bevoegdheid ingetrokken")) == (2, 1)


def test_what_is_not_right_stands_beside_its_field_and_nobody_touches_their_own_role(manager: World) -> None:
    refused = gives(manager, email="otto", role="organiser")
    assert refused.status_code == 400
    assert 'id="email-error"' in refused.text
    both = gives(manager, role="organiser", email="noor").text
    assert ('id="email-error"' in both, 'id="regions-error"' in both) == (True, True)
    assert 'id="regions-error"' in gives(manager, role="organiser", regions=["PV99"]).text
    assert gives(manager, role="helper").status_code == 400

    mine = gives(manager, email="Noor@kring.example", role="auditor")
    assert mine.status_code == 400
    assert "Dit is uw eigen rol" in mine.text
    own = line_of(manager.visitor.get(ROLES), "noor@kring.example")
    assert "uzelf" in own
    comes_as(manager, "manager")
    ending = re.findall(r'href="([^"]+/ending)"', line_of(manager.visitor.get(ROLES), "noor@kring.example"))[0]
    sign_in(manager, "noor")
    assert manager.visitor.get(ending).status_code == 409
    assert manager.visitor.post(ending, data={"csrf_token": csrf(manager.visitor.get(ROLES))}).status_code == 409


def test_a_manager_sees_which_doors_have_helpers(manager: World) -> None:
    facts = manager.publish(target_groups=())
    helpers = f"/registration/check-in/{facts.slug}/helpers"
    assert helpers not in manager.visitor.get(ROLES).text
    manager.visitor.post(helpers, data={"csrf_token": csrf(manager.visitor.get(helpers))})
    assert helpers in manager.visitor.get(ROLES).text
    manager.visitor.post(f"{helpers}/dismissal", data={"csrf_token": csrf(manager.visitor.get(helpers))})
    assert helpers not in manager.visitor.get(ROLES).text
