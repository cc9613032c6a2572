"""The feed that news readers fetch: valid Atom (RFC 4287), with what changed, and nothing that is not for everyone."""

import gzip
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

from services.catalog.app import build
from services.catalog.settings import Settings
from shared.web.app import settings_of
from tests.catalog.conftest import LINK, World
from tests.catalog.test_polling import ATOM, text


def news(world: World, query: str = "") -> ET.Element:
    answer = world.public.get(f"/calendar.atom{query}")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.data)  # noqa: S314  # our own
    assert_valid(feed)
    return feed


def assert_valid(feed: ET.Element) -> None:
    """What RFC 4287 asks of a feed and its entries (4.1.1, 4.1.2), as far as ours has it."""
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert datetime.fromisoformat(text(element, "updated")).tzinfo == UTC
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
    assert len({text(entry, "id") for entry in entries}) == len(entries)
    (itself,) = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert itself == text(feed, "id")


def test_a_reader_sees_what_changed_and_when_and_no_more(world: World) -> None:
    meeting = world.publish(title={"nl": "Wegen & <b>bruggen</b> \uffff", "en": "Roads"}, summary={"nl": "Eén & twee"})
    world.clock.forward(days=1)
    world.change(meeting["id"], {"startsAt": "2027-06-10T15:00", "onlineUrl": f"{LINK}-2", "venue": {"city": "Zeist"}})
    world.clock.forward(days=1)
    world.change(meeting["id"], {"onlineUrl": f"{LINK}-3", "contact": {"email": "kantoor@provincie.example"}})
    world.clock.forward(minutes=1)
    world.publish(title={"nl": "Nieuw"})
    feed = news(world, "?lang=nl")
    assert text(feed, "title") == "Bijeenkomsten"
    assert text(feed, "updated") == "2027-05-03T09:01:00Z"
    newest, entry = feed.findall(f"{ATOM}entry")
    assert (text(newest, "title"), text(entry, "title")) == ("Nieuw", "Wegen & <b>bruggen</b> \ufffd")
    assert (text(entry, "published"), text(entry, "updated")) == ("2027-05-01T09:00:00Z", "2027-05-03T09:00:00Z")
    assert text(entry, "summary").startswith("donderdag 10 juni 2027, 15.00–17.00 uur. Stadhuis")  # noqa: RUF001  # a dash
    content = text(entry, "content")
    assert "<p>Eén &amp; twee</p>" in content
    changes = content.partition("<ul>")[2]
    assert changes == (
        "<li>zondag 2 mei 2027, 11.00 uur: Gewijzigd: de begintijd (eerst donderdag 10 juni 2027, 14.00 uur); de plaats"
        "</li><li>zaterdag 1 mei 2027, 11.00 uur: Bekendgemaakt</li></ul>"
    )
    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={"reason": "Storm <3"})
    cancelled = news(world, "?region=PV26&lang=en").findall(f"{ATOM}entry")[0]
    assert text(cancelled, "title") == "Cancelled: Roads"
    assert "Cancelled: Storm &lt;3</li>" in text(cancelled, "content")
    whole = world.public.get("/calendar.atom").text
    assert "@" not in whole.replace("xmlns", "")
    assert LINK not in whole


def test_news_is_polled_like_a_calendar(world: World) -> None:
    empty = news(world)
    assert empty.findall(f"{ATOM}entry") == []
    world.publish()
    first = world.public.get("/calendar.atom", headers={"Accept-Encoding": "gzip"})
    assert b"<entry>" in gzip.decompress(first.data)
    known = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    assert world.public.get("/calendar.atom", headers=known).status_code == 304
    assert world.public.get("/calendar.atom?theme=x").status_code == 400
    counted = 'kring_requests_total{method="GET",rule="/calendar.atom",status="304"} 1.0'
    assert counted in world.public.get("/metrics").text


def test_what_others_show_is_by_whoever_runs_the_site(world: World) -> None:
    """News readers, data portals and the calendar of Outlook name the site as its pages do."""
    world.publish()
    common = replace(settings_of(world.service.app), site_name="Voorbeeldland")
    other = build(Settings(common), clock=world.clock)
    client = other.app.test_client()
    assert b"<name>Voorbeeldland</name>" in client.get("/calendar.atom").data
    assert b"<name>Voorbeeldland</name>" in client.get("/stories.atom").data
    assert '"foaf:name":"Voorbeeldland"' in client.get("/open-data/dataset.jsonld").text.replace(" ", "")
    assert "name=Voorbeeldland" in client.get("/calendar").text
    other.database.engine.dispose()
