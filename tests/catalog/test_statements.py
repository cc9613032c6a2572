"""What the site says of itself, and since when each page is as it is."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from services.catalog.settings import read_settings
from services.catalog.tables import metadata
from shared.people.roles import is_public
from shared.release import RELEASED_ON, VERSION
from shared.settings import SettingError
from shared.web.access import verb_of
from tests.catalog.conftest import World
from tests.catalog.test_knowledge import QUESTION, gather, save
from tests.catalog.test_manifest import a_manifest, send
from tests.catalog.test_stories import judge, tell

OF_THE_PROGRAMME = (
    *("/", "/about", "/meetings", "/knowledge", "/knowledge/experts", "/stories", "/manifest", "/reach"),
    *("/toegankelijkheid", "/privacy", "/open-data", "/calendar"),
)


FILES_OF_THINGS = {
    *("/static/<path:name>", "/files/<file_id>", "/files/for-participants/<token>", "/files/archive/<token>"),
    *("/meetings/<slug>.ics", "/meetings/<slug>/files.zip", "/manifest/<slug>.csv"),
    "/sitemap-<int(max=9999):number>.xml",
}
"""What is there once per thing, and is a file."""


def updated(world: World, path: str) -> date:
    answer = world.public.get(path, query_string="lang=en")
    found = re.search(r'Last updated: <time datetime="([0-9-]+)">', answer.text)
    assert answer.status_code == 200, path
    assert found, path
    return date.fromisoformat(found[1])


def public_pages(world: World, things: Mapping[str, str]) -> Iterator[str]:
    """The address of every page that anyone may read, found from the routes; ``things`` has those that need a thing."""
    app = world.service.app
    for rule in app.url_map.iter_rules():
        verb = verb_of(app, rule, "GET") if "GET" in (rule.methods or ()) else None
        if verb is None or not is_public(verb) or rule.rule in FILES_OF_THINGS:
            continue
        if rule.arguments and rule.rule.startswith("/v1/"):
            continue
        path = things[rule.rule] if rule.arguments else rule.rule
        if world.public.get(path).mimetype == "text/html":
            yield path


def test_each_page_says_since_when_it_is_as_it_is(world: World, organiser: FlaskClient) -> None:
    assert {path: updated(world, path) for path in OF_THE_PROGRAMME} == dict.fromkeys(OF_THE_PROGRAMME, RELEASED_ON)

    meeting = world.publish()
    first = date(2027, 5, 1)
    assert [updated(world, path) for path in ("/", "/meetings", f"/meetings/{meeting['slug']}")] == [first] * 3
    world.clock.now = datetime.fromisoformat("2027-05-03T22:30:00+00:00")  # in Amsterdam it is the fourth
    assert save(organiser, "/organise/texts/accessibility", {"title.nl": "Voor iedereen"}).status_code == 303
    assert updated(world, "/toegankelijkheid") == date(2027, 5, 4)
    assert updated(world, "/meetings") == first


def test_no_public_page_leaves_out_since_when_it_is_as_it_is(world: World, organiser: FlaskClient) -> None:
    meeting, item, story_id = world.publish(), gather(world, QUESTION), tell(world)
    a_manifest(organiser)
    assert judge(organiser, story_id, "publication") == 303
    asked = send(
        world.public, "/feedback", "/feedback", satisfied="no", research="true", email="anna@voorbeeld.example"
    )
    withdrawal = re.search(r"/feedback/research/[^\"<]+", asked.text)
    assert withdrawal
    things = {
        "/meetings/<slug>": f"/meetings/{meeting['slug']}",
        "/knowledge/<slug>": f"/knowledge/{item['slug']}",
        "/manifest/<slug>": "/manifest/manifest-2026-2030",
        "/stories/<slug>": "/stories/koffie-zonder-plastic",
        "/feedback/research/<token>": withdrawal[0],
        "/problems/<name>": "/problems/meeting-unknown",
    }
    days = {path: updated(world, path) for path in public_pages(world, things)}

    assert {*OF_THE_PROGRAMME, *things.values(), "/stories/new", "/feedback", "/v1/docs"} <= days.keys()
    of_today = {path for path, day in days.items() if day == date(2027, 5, 1)}
    lists = {"/", "/meetings", "/knowledge", "/stories", "/manifest", "/reach"}
    assert of_today == lists | {things[f"/{kind}/<slug>"] for kind in ("meetings", "knowledge", "manifest", "stories")}


def test_about_says_which_release_this_is(world: World) -> None:
    assert f"Kring {VERSION}" in world.public.get("/about").text


def test_the_statement_on_accessibility_names_who_runs_the_site(world: World, organiser: FlaskClient) -> None:
    page = world.public.get("/toegankelijkheid?lang=en").text
    assert "<h2>Where we stand</h2>" in page
    assert 'Mail Kring: <a href="mailto:kring@kring.example"' in page
    ours = {"body.nl": "Onderzocht op 3 mei. {e-mail} {0}"}
    assert save(organiser, "/organise/texts/accessibility", ours).status_code == 303
    assert "kring@kring.example {0}" in re.sub(r"<[^>]+>", "", world.public.get("/toegankelijkheid?lang=nl").text)


def test_privacy_is_told_from_what_the_tables_hold(world: World) -> None:
    page = world.public.get("/privacy?lang=en").text
    purposes = {
        column.info["personal"].purpose
        for table in metadata.tables.values()
        for column in table.columns
        if column.info.get("personal")
    }
    assert set(re.findall(r'<th scope="row">([^<]+)</th>', page)) == purposes
    assert {"/registration/privacy", "/notifications/privacy"} <= set(re.findall(r'href="([^"]+)"', page))
    assert "om vragen over de bijeenkomst te beantwoorden" in world.public.get("/privacy?lang=nl").text


def test_a_hole_is_reported_to_the_address_of_the_operator(world: World) -> None:
    answer = world.public.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.mimetype == "text/plain"
    assert fields["Contact"] == "mailto:kring@kring.example"
    assert fields["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - world.clock.now
    assert 30 < left.days < 365  # RFC 9116, section 2.5.5

    key = "0123456789abcdefghijklmnopqrstuv"
    env = {"SECRET_KEY": key, "ERASURE_KEYS": key, "DATABASE_URL": "sqlite:///x", "BROKER_URL": "memory://"}
    chosen = read_settings(
        {**env, "SECURITY_CONTACT": "https://kring.example/cvd", "CONTACT_EMAIL": "mvi@kring.example"}
    )
    assert (chosen.security_contact, chosen.common.contact_email) == ("https://kring.example/cvd", "mvi@kring.example")
    for wrong in ({"SECURITY_CONTACT": "mail us"}, {"CONTACT_EMAIL": "nobody"}):
        with pytest.raises(SettingError, match=next(iter(wrong))):
            read_settings({**env, **wrong})
