"""Stories: told by anyone, read by everyone only after an editor's look, and forgotten as promised."""

from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.catalog.tables import story
from shared.db.transaction import new_id
from shared.events.registration import StoryTold
from tests.builders import tell as tell_event
from tests.catalog.conftest import SAME_SITE, World, errors
from tests.catalog.sending import fields_of
from tests.catalog.test_manifest import send

QUEUE = "/organise/stories"
SAID = {
    "title": "Koffie zonder plastic",
    "text": "Wij vroegen erom.\n\nHet kon <gewoon>.",
    "kind": "small-step",
    "theme": "circulair",
    "organisation": "Gemeente Voorbeeld",
    "name": "Anna Voorbeeld",
    "email": "anna@voorbeeld.example",
    "consent": "true",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def tell(world: World, path: str = "/stories/new", **typed: Any) -> str:
    """Hand a story in; gives its id for editors."""
    told = send(world.public, path, "/stories/new", **{**SAID, **typed})
    assert told.status_code == 201, errors(told.text)
    return str(row(world).id)


def row(world: World) -> Any:
    """What is kept of the story that was told last; None once it is forgotten."""
    with world.service.database.reading() as session:
        return session.execute(select(story).order_by(story.c.told_at.desc(), story.c.id.desc())).first()


def judge(editor: FlaskClient, story_id: str, act: str, **typed: str) -> int:
    path = f"{QUEUE}/{story_id}"
    return send(editor, path, f"{path}/{act}", **typed).status_code


def listed(world: World, query: str = "") -> list[str]:
    return [each["title"]["nl"] for each in world.public.get(f"/v1/stories{query}").json or []]


def test_a_story_is_read_after_an_editors_look_and_without_a_name_that_was_not_given(
    world: World, organiser: FlaskClient
) -> None:
    story_id = tell(world)
    assert listed(world) == []
    assert "anna@voorbeeld.example" in organiser.get(f"{QUEUE}/{story_id}").text

    path = f"{QUEUE}/{story_id}"
    fixed = send(organiser, path, path, **{"title.en": "Coffee without plastic", "region": "PV26"})
    assert fixed.status_code == 303
    assert judge(organiser, story_id, "publication") == 303

    page = world.public.get("/stories/koffie-zonder-plastic?lang=nl").text
    assert "Het kon &lt;gewoon&gt;." in page
    assert "Gemeente Voorbeeld" in page
    assert "Anna" not in page
    assert (row(world).name, row(world).email) == ("", "")
    assert "Coffee without plastic" in world.public.get("/stories?lang=en").text
    assert listed(world, "?theme=circulair&region=PV26&q=koffie") == ["Koffie zonder plastic"]
    assert listed(world, "?q=limonade") == []
    assert world.public.get("/v1/stories?theme=onzin").status_code == 400

    feed = world.public.get("/stories.atom?theme=circulair")
    entry = ET.fromstring(feed.data).find(f"{ATOM}entry")  # noqa: S314  # our own
    assert entry is not None
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://127.0.0.1:8000/stories/koffie-zonder-plastic?lang=nl"
    assert entry.findtext(f"{ATOM}content") == "<p>Wij vroegen erom.</p><p>Het kon &lt;gewoon&gt;.</p>"
    again = world.public.get("/stories.atom?theme=circulair", headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 304

    token = fields_of(organiser.get(path).text, path)["csrf_token"]
    taken = {"csrf_token": token, "reason": "Toch niet"}
    assert organiser.post(f"{path}/refusal", data=taken, headers=SAME_SITE).status_code == 303
    assert world.public.get("/stories/koffie-zonder-plastic").status_code == 404
    assert listed(world) == []

    assert judge(organiser, story_id, "removal") == 303  # who told it takes the consent back
    assert row(world) is None


def test_editors_see_how_a_story_reads_and_do_not_overwrite_each_other(world: World, organiser: FlaskClient) -> None:
    path = f"{QUEUE}/{tell(world)}"
    mine = fields_of(organiser.get(path).text, path)
    preview = organiser.post(path, data={**mine, "text.en": "We <asked>.", "preview": "yes"}, headers=SAME_SITE)
    assert preview.status_code == 200
    assert "<p>We &lt;asked&gt;.</p>" in preview.text
    assert "We &lt;asked&gt;.</textarea>" in preview.text
    assert row(world).text.get("en") is None

    world.clock.forward(minutes=1)
    assert send(organiser, path, path, **{"title.en": "Coffee"}).status_code == 303
    late = organiser.post(path, data={**mine, "title.nl": "Thee"}, headers=SAME_SITE)
    assert late.status_code == 409
    assert 'value="Thee"' in late.text
    assert row(world).title == {"nl": "Koffie zonder plastic", "en": "Coffee"}


def test_a_name_stands_there_with_consent_only_and_nothing_is_published_without(world: World) -> None:
    refused = send(
        world.public, "/stories/new", "/stories/new", **SAID | {"consent": "", "name": "", "named": "true", "title": ""}
    )
    assert refused.status_code == 400
    assert set(errors(refused.text)) == {"consent", "name", "title"}
    assert "Wij vroegen erom." in refused.text  # nothing typed is lost
    form = fields_of(world.public.get("/stories/new").text, "/stories/new")
    assert {"consent", "named"}.isdisjoint(form)  # both unticked


def test_a_story_about_a_meeting_takes_over_what_it_is_about(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    hidden = world.draft(title={"nl": "Nog geheim"})
    assert "Nog geheim" not in world.public.get(f"/stories/new?meeting={hidden['slug']}").text
    story_id = tell(world, f"/stories/new?meeting={meeting['slug']}", theme="", named="true")
    assert judge(organiser, story_id, "publication") == 303
    (said,) = world.public.get("/v1/stories").json or []
    assert (said["meetingId"], said["region"], said["theme"]) == (meeting["id"], "PV26", "circulair")
    page = unescape(world.public.get(f"/stories/{said['slug']}").text)
    assert "Anna Voorbeeld, Gemeente Voorbeeld" in page
    assert f'href="/meetings/{meeting["slug"]}"' in page
    assert f'href="/stories/{said["slug"]}"' in world.public.get(f"/meetings/{meeting['slug']}").text


def test_what_a_participant_tells_behind_their_link_waits_for_an_editor_too(
    world: World, organiser: FlaskClient
) -> None:
    meeting = world.publish()
    told = StoryTold(
        id=new_id(),
        meeting_id=meeting["id"],
        kind="success",
        language="en",
        title="It worked",
        text="We asked.",
        name="Sam",
        email="sam@gemeente.example",
        organisation="Gouda",
    )
    tell_event(world.service, told)
    tell_event(world.service, told)
    assert listed(world) == []
    page = organiser.get(QUEUE).text
    assert page.count("It worked") == 1
    assert "Nederlands ontbreekt" in page
    assert judge(organiser, told.id, "publication") == 303
    (said,) = world.public.get("/v1/stories").json or []
    assert (said["title"], said["by"], said["region"]) == ({"en": "It worked"}, "Gouda", "PV26")


@pytest.mark.parametrize("days", [183, 31], ids=["nobody looked", "refused"])
def test_what_is_not_published_is_forgotten(world: World, organiser: FlaskClient, days: int) -> None:
    story_id = tell(world)
    if days == 31:
        assert judge(organiser, story_id, "refusal", reason="Reclame") == 303
        assert (row(world).name, row(world).email, row(world).refused_because) == ("", "", "Reclame")
        assert "Reclame" in organiser.get(QUEUE).text
    world.clock.forward(days=days - 2)
    world.work()
    assert row(world) is not None
    world.clock.forward(days=2)
    world.work()
    assert row(world) is None


def test_whoever_hands_in_story_after_story_is_stopped_before_a_row_is_made(world: World) -> None:
    sent = fields_of(world.public.get("/stories/new").text, "/stories/new") | SAID
    answers = [world.public.post("/stories/new", data=sent, headers=SAME_SITE).status_code for _ in range(21)]
    assert answers == [201] * 20 + [429]
