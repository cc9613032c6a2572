"""Meetings for people, and the pages where organisers make them."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from shared.events.registration import SeatsChanged
from tests.builders import tell
from tests.catalog.conftest import LINK, SAME_SITE, World, as_object, errors
from tests.catalog.sending import fields_of

TYPED = {
    "title.nl": "Leren inkopen",
    "startsAt": "2027-06-10T14:00",
    "endsAt": "2027-06-10T17:00",
    "timeZone": "Europe/Amsterdam",
    "regions": ["", "PV26"],
    "targetGroups": ["", "inkoper"],
    "themes": "",
    "attendanceMode": "offline",
    "visibility": "public",
    "venue.name": "Stadhuis",
    "venue.city": "Utrecht",
    "organiser.name": "Provincie Utrecht",
    "seatPlan.capacity": "20",
    "seatPlan.reserved.inkoper": "5",
    "seatPlan.waitingList": "true",
    "seatPlan.promotion": "automatic",
}


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def post(client: FlaskClient, path: str, typed: dict[str, Any], form_on: str | None = None) -> Any:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form_on or path).text)
    assert found
    return client.post(path, data={**typed, "csrf_token": found[1]}, headers=SAME_SITE)


def test_everyone_finds_a_meeting_and_its_feed(world: World) -> None:
    meeting = world.publish()
    assert meeting["slug"] in page(world.public, "/")
    found = page(world.public, "/meetings?region=PV26&targetGroup=inkoper&theme=")
    assert "donderdag 10 juni 2027, 14.00–17.00 uur" in found  # noqa: RUF001  # a dash between times
    assert '<option value="PV26" selected>' in found
    query = "region=PV26&targetGroup=inkoper"
    assert f'href="webcal://127.0.0.1:8000/calendar.ics?{query}"' in found
    assert f'href="http://127.0.0.1:8000/calendar.ics?{query}"' in found
    google = re.search(r'href="(https://calendar.google.com/[^"]+)"', found)
    assert google
    assert parse_qs(urlsplit(google[1]).query)["cid"] == [f"webcal://127.0.0.1:8000/calendar.ics?{query}"]
    assert meeting["slug"] not in page(world.public, "/meetings?region=PV20")
    assert "PV99" in page(world.public, "/meetings?region=PV99", 400)


def test_the_page_of_a_meeting_says_all(world: World) -> None:
    meeting = world.publish(description={"nl": "Eén.\n\nTwee <b>."})
    answer = world.public.get(f"/meetings/{meeting['slug']}")
    assert "Twee &lt;b&gt;." in answer.text
    text = unescape(answer.text)
    for said in (
        "Samen circulair inkopen",
        "donderdag 10 juni 2027, 14.00–17.00 uur (Amsterdam)",  # noqa: RUF001  # a dash between times
        "Stadhuis<br>Stadsplateau 1<br>3521 AZ Utrecht",
        "inkoper, beleidsmaker of beleidsmedewerker",
        "Provincie Utrecht",
        f'href="/registration/meetings/{meeting["slug"]}">Aanmelden',
        f'href="/meetings/{meeting["slug"]}.ics?lang=nl"',
    ):
        assert said in text
    english = page(world.public, f"/meetings/{meeting['slug']}?lang=en")
    assert "Buying circular together" in english
    assert "Thursday 10 June 2027, 14:00–17:00 (Amsterdam)" in english  # noqa: RUF001  # a dash between times
    world.change(meeting["id"], {"venue": {"name": None, "address": None, "postalCode": None}})
    alone = page(world.public, f"/meetings/{meeting['slug']}?lang=nl")
    assert re.search(
        r'<dd>\s*Utrecht<br><a href="[^"]+query=Utrecht" rel="noreferrer">[^<]+</a>\s*<br>of online', alone
    )
    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={"reason": "Storm"})
    cancelled = page(world.public, f"/meetings/{meeting['slug']}?lang=nl")
    assert '<strong>Afgelast</strong>: <span lang="">Storm</span>' in cancelled
    assert ">Aanmelden<" not in cancelled


def test_seats_left_refresh_once_a_minute(world: World) -> None:
    meeting = world.publish()
    path = f"/meetings/{meeting['slug']}"
    assert "Nog" not in page(world.public, path)

    def taken(seats: int) -> None:
        told = {"meeting_id": meeting["id"], "capacity": 40, "taken": seats, "free": 40 - seats, "waiting": 0}
        tell(world.service, SeatsChanged(**told))

    taken(1)
    assert "Nog 39 plekken" in page(world.public, path)
    etag = world.public.get(f"/v1/meetings/{meeting['id']}").headers["ETag"]
    feed = world.public.get("/calendar.ics").headers["ETag"]
    world.clock.forward(seconds=30)
    taken(39)
    world.work()
    assert "Nog 39 plekken" in page(world.public, path)
    world.clock.forward(seconds=30)
    world.work()
    assert "Nog 1 plek" in page(world.public, path)
    world.clock.forward(minutes=2)
    taken(40)
    assert "De locatie is vol, online meedoen kan nog" in page(world.public, path)
    assert world.public.get(f"/v1/meetings/{meeting['id']}").headers["ETag"] == etag
    assert world.public.get("/calendar.ics").headers["ETag"] == feed


def test_an_organiser_makes_publishes_changes_and_cancels(world: World, organiser: FlaskClient) -> None:
    made = post(organiser, "/organise/meetings/new", TYPED)
    assert made.status_code == 303
    path = urlsplit(made.location).path
    assert "Leren inkopen" in page(organiser, "/organise/")
    assert 'value="2027-06-10T14:00"' in page(organiser, path)
    assert "Dit is een concept" in page(organiser, "/meetings/leren-inkopen")
    page(world.public, "/meetings/leren-inkopen", 404)

    assert post(organiser, f"{path}/publication", {}, path).status_code == 303
    page(world.public, "/meetings/leren-inkopen")
    (published,) = world.told("meeting.published")
    assert published.meeting.seat_plan.reserved == {"inkoper": 5}

    version = re.search(r'name="version" value="(\d+)"', page(organiser, path))
    assert version
    typed = {**TYPED, "version": version[1], "startsAt": "2027-06-10T13:30", "seatPlan.reserved.inkoper": ""}
    assert post(organiser, path, {**typed, "confirmed": "yes"}).status_code == 303
    (changed,) = world.told("meeting.changed")
    assert changed.changed == ("seats", "time")
    stale = post(organiser, path, {**typed, "title.nl": "Te laat bewaard"})
    assert stale.status_code == 409
    assert "Iemand anders heeft deze bijeenkomst intussen gewijzigd" in stale.text
    assert 'value="Te laat bewaard"' in stale.text

    assert post(organiser, f"{path}/cancellation", {"reason": "Storm"}, path).status_code == 303
    assert "Afgelast" in page(world.public, "/meetings/leren-inkopen")


def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_lost(world: World, organiser: FlaskClient) -> None:
    typed = {
        **TYPED,
        "title.nl": "",
        "endsAt": "2027-06-10T13:00",
        "onlineUrl": "geen link",
        "seatPlan.reserved.inkoper": "veel",
        "description.nl": "Een lang verhaal",
    }
    refused = post(organiser, "/organise/meetings/new", typed)
    assert refused.status_code == 400
    found = errors(refused.text)
    assert found["endsAt"] == "Het einde moet later zijn dan het begin."
    assert {"title.nl", "onlineUrl"} < set(found)
    for kept in ("Een lang verhaal", 'value="geen link"', 'value="veel"', 'value="PV26" checked', 'value="20"'):
        assert kept in refused.text
    assert world.ask("GET", "/v1/meetings").json == []


def test_publishing_too_early_says_what_is_missing(world: World, organiser: FlaskClient) -> None:
    sparse = {name: value for name, value in TYPED.items() if not name.startswith(("venue", "seatPlan.c", "organiser"))}
    made = post(organiser, "/organise/meetings/new", {**sparse, "seatPlan.reserved.inkoper": ""})
    path = urlsplit(made.location).path
    refused = post(organiser, f"{path}/publication", {}, path)
    assert refused.status_code == 400
    assert set(errors(refused.text)) == {"organiser.name", "venue.name", "seatPlan.capacity"}
    for field in errors(refused.text):
        assert f'id="{field}"' in refused.text
    assert world.told("meeting.published") == []


def test_an_edit_keeps_what_the_form_does_not_show(world: World, organiser: FlaskClient) -> None:
    question = {"label": {"nl": "Wat eet u?"}, "kind": "choice", "options": [{"nl": "soep"}, {"en": "salad"}]}
    meeting = world.draft(
        sessions=[{"title": {"nl": "Inloop"}, "startsAt": "2027-10-31T01:30:00Z", "capacity": 4}],
        registration={"questions": [question | {"targetGroups": ["inkoper"]}], "confirmFirst": True},
        description={"nl": "Eén.\n\nTwee."},
        startsAt="2027-10-31T01:30:00Z",
        endsAt="2027-11-01",
        reminders=[24],
    )
    path = f"/organise/meetings/{meeting['id']}"
    shown = page(organiser, path)
    assert 'value="2027-10-31T02:30"' in shown  # the second of two half past twos
    typed = fields_of(organiser.get(path).text, path)
    saved = organiser.post(path, data={**typed, "venue.city": "Zeist"}, headers=SAME_SITE)
    assert saved.status_code == 303
    after = as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))
    assert after == {**meeting, "venue": {**meeting["venue"], "city": "Zeist"}, "changedAt": after["changedAt"]}


def test_nobody_else_comes_behind_the_counter(world: World, organiser: FlaskClient) -> None:
    elsewhere = world.draft(region="PV20")
    assert world.public.get("/organise/").status_code == 303
    assert organiser.get(f"/organise/meetings/{elsewhere['id']}").status_code == 403
    assert organiser.get("/organise/meetings/unknown").status_code == 404
    forged = organiser.post("/organise/meetings/new", data=TYPED, headers={"Origin": "https://evil.example"})
    assert forged.status_code == 403


def test_the_online_link_stands_in_nothing_public(world: World) -> None:
    meeting = world.publish()
    moved = world.publish(title={"nl": "Alleen online"}, venue=None, attendanceMode="online")
    world.ask("POST", f"/v1/meetings/{moved['id']}/cancellation")
    world.give_key("helper", "helper")
    world.give_key("groningen", "organiser", "PV20")
    for path in (
        "/",
        "/meetings",
        f"/meetings/{meeting['slug']}",
        f"/meetings/{moved['slug']}",
        f"/meetings/{meeting['slug']}.ics",
        "/calendar.ics",
        "/calendar.ics?lang=en",
        "/v1/meetings",
        f"/v1/meetings/{meeting['id']}",
        f"/v1/meetings?q={LINK.rsplit('/', 1)[1]}",
    ):
        for headers in ({}, {"Authorization": "Bearer helper"}, {"Authorization": "Bearer groningen"}):
            answer = world.public.get(path, headers=headers)
            assert answer.status_code == 200
            assert "video.example" not in answer.text.replace("\r\n ", ""), path
    assert world.public.get("/v1/meetings?q=secret-room").json == []
    assert as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))["onlineUrl"] == LINK


def test_what_is_there_in_the_other_language_only_says_so(world: World) -> None:
    meeting = world.publish(title={"nl": "Samen <inkopen>"}, description={"nl": "Regel een.\n\nRegel twee."})
    for path in ("/", "/meetings", f"/meetings/{meeting['slug']}"):
        english = world.public.get(path, query_string="lang=en").text
        assert '<span lang="nl">Samen &lt;inkopen&gt;</span>' in english, path
        assert 'lang="nl">Samen' not in world.public.get(path, query_string="lang=nl").text, path
    assert re.search(r'<div lang="nl">\s*<p>Regel een.</p><p>', english)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", ["/", "/meetings", "/toegankelijkheid", "/privacy"])
def test_plain_pages_in_both_languages(world: World, path: str, language: str) -> None:
    assert f'<html lang="{language}">' in page(world.public, f"{path}?lang={language}")
