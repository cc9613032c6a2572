"""Were you satisfied with this page: answered without a trace of who answers; apart from it, who may be asked more."""

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.catalog.rules.feedback import consent_ends, is_page
from services.catalog.tables import opinion, research_contact
from shared.events.registration import AccessChanged
from shared.people.grants import secret_hash
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import tell
from tests.catalog.conftest import SAME_SITE, World, errors
from tests.catalog.sending import fields_of
from tests.catalog.test_manifest import send

FORM = "/feedback"
ANNA = "anna@voorbeeld.example"


def judge(world: World, page: str, satisfied: str, **typed: Any) -> TestResponse:
    return send(world.public, f"{FORM}?page={page}&satisfied={satisfied}", FORM, **typed)


def kept(world: World, table: Any) -> list[Any]:
    with world.service.database.reading() as session:
        return list(session.execute(select(table)))


@pytest.fixture
def manager(world: World) -> FlaskClient:
    session = {"id": "managing", "kind": "session", "secret_hash": secret_hash("in-charge"), "person_id": "mo"}
    tell(world.service, AccessChanged(**session, role="manager"))  # type: ignore[arg-type]  # as strings
    client = world.service.app.test_client()
    client.set_cookie(SIGN_IN_COOKIE, "in-charge")
    return client


def test_every_page_asks_and_names_itself_without_ids_and_without_a_cookie(
    world: World, organiser: FlaskClient
) -> None:
    slug = world.publish()["slug"]
    answer = world.public.get(f"/meetings/{slug}?region=PV26")
    assert f'href="/feedback?page=/meetings/{slug}&amp;satisfied=yes"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert 'href="/feedback?page=/feedback' not in world.public.get(FORM).text
    assert "/feedback?page=" not in organiser.get("/organise/").text
    assert world.public.get("/feedback/research/x.y.z").status_code == 404


def test_an_answer_is_counted_per_page_and_month_and_its_words_are_kept_for_a_year(
    world: World, organiser: FlaskClient
) -> None:
    for satisfied in ("yes", "yes", "no"):
        assert judge(world, "/meetings", satisfied).status_code == 201
    world.clock.forward(days=31)
    assert judge(world, "/meetings", "no", words="Te klein <b>").status_code == 201
    assert errors(judge(world, "/meetings", "").text).keys() == {"satisfied"}
    assert world.public.get(f"{FORM}?page=//elders.example").status_code == 404

    assert '<td class="number">2</td><td class="number">2</td>' in organiser.get("/organise/feedback").text
    page = organiser.get("/organise/feedback/page?page=/meetings").text
    assert '<th scope="row">2027-05</th><td class="number">2</td><td class="number">1</td>' in page
    assert '<th scope="row">2027-06</th><td class="number">0</td><td class="number">1</td>' in page
    assert "Te klein &lt;b&gt;" in page
    assert world.public.get("/organise/feedback").status_code == 303  # to sign in

    world.clock.forward(days=366)
    world.work()
    assert [row.words for row in kept(world, opinion)] == [""] * 4
    assert [row.satisfied for row in kept(world, opinion)].count(True) == 2


def test_a_consent_to_be_asked_stands_apart_and_is_withdrawn_as_easily_as_given(
    world: World, organiser: FlaskClient, manager: FlaskClient
) -> None:
    assert {"research"}.isdisjoint(fields_of(world.public.get(FORM).text, FORM))  # unticked
    assert errors(judge(world, "/", "yes", research="true").text).keys() == {"email"}
    judge(world, "/", "yes", email=ANNA)
    assert kept(world, research_contact) == []  # an address without the tick is not kept

    given = judge(world, "/", "no", research="true", email="Anna@Voorbeeld.example")
    (contact,) = kept(world, research_contact)
    assert (contact.email, contact.ends_on) == (ANNA, date(2028, 5, 1))
    assert set(opinion.c.keys()).isdisjoint({"email", "contact_id", "given_at"})

    assert organiser.get("/organise/feedback/research.csv").status_code == 403
    listed = manager.get("/organise/feedback/research.csv").data.decode()
    link = re.search(r"/feedback/research/[^\"<]+", given.text)
    assert link
    assert f"http://127.0.0.1:8000{link[0]}" in listed
    assert world.public.get(link[0]).status_code == 200
    assert len(kept(world, research_contact)) == 1  # looking changes nothing
    assert send(world.public, link[0], link[0]).status_code == 200
    assert kept(world, research_contact) == []

    judge(world, "/", "no", research="true", email=ANNA)
    typed = send(world.public, "/feedback/research", "/feedback/research", email=ANNA.upper())
    assert kept(world, research_contact) == []
    unknown = send(world.public, "/feedback/research", "/feedback/research", email="nobody@voorbeeld.example")
    assert unknown.text == typed.text


def test_a_consent_ends_by_itself(world: World) -> None:
    judge(world, "/", "no", research="true", email=ANNA)
    world.clock.forward(days=360)
    world.work()
    assert len(kept(world, research_contact)) == 1
    world.clock.forward(days=6)
    world.work()
    assert kept(world, research_contact) == []
    assert consent_ends(date(2027, 12, 31), 12) == date(2028, 12, 1)
    assert consent_ends(date(2027, 12, 31), 1) == date(2028, 1, 1)
    assert consent_ends(date(2027, 5, 3), 7) == date(2027, 12, 1)


def test_one_address_cannot_be_handed_in_without_end(world: World) -> None:
    sent = fields_of(world.public.get(f"{FORM}?satisfied=no").text, FORM) | {"research": "true", "email": ANNA}
    answers = [world.public.post(FORM, data=sent, headers=SAME_SITE).status_code for _ in range(21)]
    assert answers == [201] * 20 + [429]


@pytest.mark.parametrize(("address", "ours"), [("/registration/mine/r/{id}", True), ("/a?b", False), ("x", False)])
def test_a_page_is_named_by_a_path(address: str, ours: bool) -> None:  # noqa: FBT001  # what is expected
    assert is_page(address) is ours
