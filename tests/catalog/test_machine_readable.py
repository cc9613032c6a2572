"""What other programs read of us: events of schema.org, the sitemap, open data; and what none of them ever finds."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.catalog.app import build
from services.catalog.feeds.sitemap import SiteMap
from services.catalog.settings import Settings, read_settings
from shared.settings import SettingError
from tests.catalog.conftest import World, as_object

CANARY = "canary"
"""Stands in all that the public may never read."""

SESSIONS = [
    {"title": {"nl": "Opening"}, "startsAt": "2027-06-10T14:15", "speaker": "Spreker van Buiten", "room": "Zaal 1"}
]
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def linked_data(answer: TestResponse) -> dict[str, Any]:
    """The one data block of a page."""
    (block,) = SCRIPT.findall(answer.text)
    found: dict[str, Any] = json.loads(block)
    return found


def test_a_meeting_says_to_search_engines_what_its_page_says(world: World) -> None:
    meeting = world.publish(sessions=SESSIONS, series="Circulair", doorsOpenAt="2027-06-10T13:30")
    page = world.public.get(f"/meetings/{meeting['slug']}?lang=en")
    found = linked_data(page)
    assert found["@context"] == "https://schema.org"
    assert (found["@type"], found["name"]) == ("Event", "Buying circular together")
    assert found["startDate"] == "2027-06-10T14:00:00+02:00"
    assert found["doorTime"] == "2027-06-10T13:30:00+02:00"
    assert found["eventStatus"] == "https://schema.org/EventScheduled"
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert found["location"][0]["address"]["postalCode"] == "3521 AZ"
    assert found["location"][1] == {
        "@type": "VirtualLocation",
        "url": f"http://127.0.0.1:8000/meetings/{meeting['slug']}",
    }
    assert found["organizer"] == {"@type": "Organization", "name": "Provincie Utrecht"}
    assert [each["audienceType"] for each in found["audience"]] == ["procurement officer", "policy officer"]
    assert found["maximumAttendeeCapacity"] == 40
    assert found["offers"]["price"] == 0
    assert found["inLanguage"] == ["en", "nl"]
    assert found["superEvent"]["name"] == "Circulair"
    assert found["subEvent"][0]["performer"]["name"] == "Spreker van Buiten"
    assert (
        "default-src 'none'" in page.headers["Content-Security-Policy"]
    )  # a data block is no script: it needs no leave
    listed = linked_data(world.public.get("/meetings?lang=en"))["itemListElement"]
    assert [each["item"] for each in listed] == [{key: value for key, value in found.items() if key != "@context"}]


def test_a_move_and_a_cancellation_are_told_as_such(world: World) -> None:
    meeting = world.draft(costNote={"nl": "€ 10"})
    world.change(meeting["id"], {"startsAt": "2027-06-10T13:00"})  # nobody knew of it yet
    world.ask("POST", f"/v1/meetings/{meeting['id']}/publication")
    assert "previousStartDate" not in linked_data(world.public.get(f"/meetings/{meeting['slug']}"))
    for day in ("11", "12"):
        world.change(meeting["id"], {"startsAt": f"2027-06-{day}T14:00", "endsAt": f"2027-06-{day}T17:00"})
    moved = linked_data(world.public.get(f"/meetings/{meeting['slug']}"))
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert moved["previousStartDate"] == ["2027-06-10T13:00:00+02:00", "2027-06-11T14:00:00+02:00"]
    assert moved["startDate"] == "2027-06-12T14:00:00+02:00"
    assert "offers" not in moved
    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation")
    assert linked_data(world.public.get(f"/meetings/{meeting['slug']}"))["eventStatus"].endswith("/EventCancelled")


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "' \" & </SCRIPT >"])
def test_no_text_breaks_out_of_the_data_block(world: World, text: str) -> None:
    meeting = world.publish(title={"nl": text}, summary={"nl": text}, series=text[:20])
    for path in (f"/meetings/{meeting['slug']}", "/meetings"):
        page = world.public.get(path)
        own = page.text.count("<script src=")
        assert page.text.lower().count("<script") == page.text.lower().count("</script") == own + 1
        found = linked_data(page)
        assert (found if "name" in found else found["itemListElement"][0]["item"])["name"] == text.strip()


def test_who_is_known_to_few_is_not_told_to_search_engines(world: World) -> None:
    hidden = [world.publish(visibility="unlisted"), world.draft(title={"nl": "Nog geheim"})]
    shown = world.publish(title={"nl": "Openbaar"})
    told = world.public.get("/sitemap.xml").text + world.public.get("/open-data/meetings.json").text
    assert shown["slug"] in told
    for meeting in hidden:
        assert meeting["slug"] not in told
    assert not SCRIPT.search(world.public.get(f"/meetings/{hidden[0]['slug']}").text)


def test_the_sitemap_names_each_page_with_its_languages(world: World) -> None:
    meeting = world.publish()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in world.public.get("/robots.txt").text
    answer = world.public.get("/sitemap.xml")
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    pages = {page.findtext("s:loc", "", names): page for page in ET.fromstring(answer.data)}  # noqa: S314  # our own
    page = pages[f"http://127.0.0.1:8000/meetings/{meeting['slug']}"]
    assert page.findtext("s:lastmod", "", names) == "2027-05-01T09:00:00Z"
    alternates = {link.get("hreflang"): link.get("href") for link in page.findall("x:link", names)}
    assert set(alternates) == {"nl", "en", "x-default"}
    assert [world.public.get(address).status_code for address in pages] == [200] * len(pages)
    assert world.public.get("/sitemap.xml", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_more_pages_than_one_list_may_hold_stand_in_several(world_on: World) -> None:
    world = world_on
    slugs = [world.publish(title={"nl": f"Nummer {number}"})["slug"] for number in range(5)]
    site_map = SiteMap("https://kring.example", most=4)
    with world.service.database.reading() as session:
        index = re.findall("<loc>(.*?)</loc>", site_map.whole(session).decode())
        parts = [site_map.part(session, number) for number in range(1, len(index) + 2)]
    assert index == [f"https://kring.example/sitemap-{number}.xml" for number in range(1, 5)]
    assert parts[-1] is None
    pages = [page for part in parts if part for page in re.findall("<loc>(.*?)</loc>", part.decode())]
    assert len(pages) == len(set(pages)) == 9 + 5
    assert {f"https://kring.example/meetings/{slug}" for slug in slugs} < set(pages)
    assert "<urlset" in world.public.get("/sitemap-1.xml").text
    assert world.public.get("/sitemap-2.xml").status_code == 404


def test_our_open_data_can_be_taken_over_again(world: World) -> None:
    meeting = world.publish(title={"nl": "=SOM(A1)"})
    ours = world.public.get("/open-data/meetings.csv").data
    taken = world.ask("POST", "/v1/imports", data=ours, content_type="text/csv")
    (entry,) = as_object(taken)["entries"]
    assert entry["result"] == "made", entry
    copy = as_object(world.ask("GET", f"/v1/meetings/{entry['meetingId']}"))
    assert {name: copy[name] for name in ("title", "startsAt", "targetGroups")} == {
        name: meeting[name] for name in ("title", "startsAt", "targetGroups")
    }


def test_open_data_hold_all_public_meetings_past_ones_too(world: World) -> None:
    first = world.publish(title={"nl": "=SOM(A1)", "en": "Sum"}, costNote={"nl": 'Tien euro; "lunch"'})
    second = world.publish()
    world.ask("POST", f"/v1/meetings/{second['id']}/cancellation")
    world.clock.forward(days=60)
    world.work()
    as_json, as_csv = world.public.get("/open-data/meetings.json"), world.public.get("/open-data/meetings.csv")
    facts = {each["id"]: each for each in as_json.json or ()}
    assert {facts[first["id"]]["status"], facts[second["id"]]["status"]} == {"held", "cancelled"}
    assert facts[first["id"]]["title"] == {"nl": "=SOM(A1)", "en": "Sum"}
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(as_csv.data.decode("utf-8-sig")))}
    assert rows[first["id"]]["title.nl"] == "'=SOM(A1)"
    assert rows[first["id"]]["costNote.nl"] == 'Tien euro; "lunch"'
    assert rows[first["id"]]["targetGroups"] == "inkoper beleidsmaker"
    assert rows[first["id"]]["venue.city"] == "Utrecht"
    about = world.public.get("/open-data?lang=nl").text
    assert all(f"<code>{name}</code>" in about for name in rows[first["id"]])
    described = json.loads(world.public.get("/open-data/dataset.jsonld").data)
    for answer in (as_json, as_csv):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Content-Length" not in answer.headers  # sent as it is made
        assert answer.headers["Link"] == f'<{described["dct:license"]["@id"]}>; rel="license"'
        again = world.public.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    world.publish()
    assert world.public.get("/open-data/meetings.csv").headers["ETag"] != as_csv.headers["ETag"]


def test_an_operator_chooses_the_licence(world: World) -> None:
    common = world.service.app.config["KRING_SETTINGS"]
    service = build(Settings(common, "CC-BY-4.0"), clock=world.clock)
    assert "creativecommons.org/licenses/by/4.0" in service.app.test_client().get("/open-data").text
    service.database.engine.dispose()
    env = {
        "SECRET_KEY": common.secret_key,
        "ERASURE_KEYS": common.secret_key,
        "DATABASE_URL": common.database_url,
        "BROKER_URL": common.broker_url,
    }
    assert read_settings(env).open_data_licence == "CC0-1.0"
    with pytest.raises(SettingError, match="OPEN_DATA_LICENCE"):
        read_settings({**env, "OPEN_DATA_LICENCE": "all rights"})


def test_a_secret_of_a_meeting_is_in_no_public_answer_and_an_organiser_has_it(
    world: World, organiser: FlaskClient
) -> None:
    """Every public GET of catalog is asked, also those that are made tomorrow."""
    secrets: dict[str, Any] = {
        "onlineUrl": f"https://video.example/{CANARY}-link",
        "surveyUrl": f"https://survey.example/{CANARY}-survey",
        "listDeliveries": [{"hoursBefore": 24, "email": f"{CANARY}@list.example", "name": f"{CANARY} list"}],
    }
    kinds = {
        "offline": world.publish(**secrets, series="Reeks", sessions=SESSIONS, attendanceMode="mixed"),
        "online": world.publish(**secrets, attendanceMode="online", venue=None, series="Reeks"),
        "unlisted": world.publish(**secrets, visibility="unlisted"),
        "draft": world.draft(**secrets, summary={"nl": f"{CANARY} draft"}),
        "called off": world.publish(**secrets),
        "held": world.publish(**secrets, startsAt="2027-05-01T14:00", endsAt="2027-05-01T15:00"),
    }
    world.ask("POST", f"/v1/meetings/{kinds['called off']['id']}/cancellation")
    moved = {"startsAt": "2027-06-11T14:00", "endsAt": "2027-06-11T17:00"}
    changed = world.change(kinds["offline"]["id"], {**moved, "onlineUrl": f"https://video.example/{CANARY}-2"})
    assert changed.status_code == 200
    world.clock.forward(hours=9)
    world.work()
    told = [answer for address in public_addresses(world, kinds) for answer in asked(world.public, address)]
    assert len({answer.request.path for answer in told}) > 30
    assert sum(answer.status_code == 200 for answer in told) > 60
    found = [answer.request.full_path for answer in told if CANARY in answer.text or CANARY in str(answer.headers)]
    assert found == []
    for key in ("offline", "draft"):
        seen = world.ask("GET", f"/v1/meetings/{kinds[key]['id']}").text
        assert f"{CANARY}@list.example" in seen
        assert f"video.example/{CANARY}" in seen
        assert f"video.example/{CANARY}" in organiser.get(f"/organise/meetings/{kinds[key]['id']}").text


def public_addresses(world: World, kinds: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The address of every route that can be asked by GET, about each meeting, with and without filters."""
    known = {"meeting_id": [each["id"] for each in kinds.values()], "slug": [each["slug"] for each in kinds.values()]}
    for rule in (each for each in world.service.app.url_map.iter_rules() if "GET" in (each.methods or ())):
        names = next((known[name] for name in sorted(rule.arguments) if name in known), [])
        path = re.sub(r"<(?:[^:>]+:)?[^>]+>", "{}", rule.rule)
        yield from (path.replace("{}", name) for name in [*names, "unknown"][: None if rule.arguments else 1])
    for path in ("/meetings", "/calendar.ics", "/calendar.atom", "/v1/meetings", "/open-data", "/reach", "/knowledge"):
        yield from (
            f"{path}?{query}" for query in ("region=PV26&lang=en", "region=nowhere", f"q={CANARY[:3]}", "q=video")
        )
        yield from (
            f"{path}?{query}" for query in ("series=Reeks", "targetGroup=inkoper&theme=circulair", "q=survey.example")
        )
    yield from (
        "/v1/meetings?status=draft",
        "/v1/meetings?limit=1&page=2",
        "/meetings?from=2027-01-01",
        "/meetings/nowhere",
    )


def asked(client: FlaskClient, address: str) -> Iterator[TestResponse]:
    """What anyone is answered, in each language and form that can be asked for."""
    for headers in (
        {"Accept-Language": "nl"},
        {"Accept-Language": "en", "Accept": "application/ld+json, text/csv;q=0.5"},
    ):
        yield client.get(address, headers=headers)
    yield client.get(address, headers={"Authorization": "Bearer not-a-key", "Accept": "application/json"})
