"""The list of meetings: in an order that makes sense, page by page, and helpful where it is empty."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from tests.catalog.conftest import World
from tests.catalog.test_pages import page
from tests.catalog.test_polling import times


def titles(text: str) -> list[str]:
    return re.findall(r'<h2><a href="/meetings/[^"]+">([^<]+)</a>', text)


def test_what_is_to_come_stands_first_and_what_was_held_is_found_behind_a_link(world: World) -> None:
    now = world.clock()
    for title, days in (("Later", 9), ("Nu bezig", 0), ("Straks", 2)):
        world.publish(title={"nl": title}, **times(now + timedelta(days=days)))
    world.clock.forward(hours=1)
    assert titles(page(world.public, "/meetings")) == ["Nu bezig", "Straks", "Later"]
    world.clock.forward(days=3)
    world.work()
    text = page(world.public, "/meetings?region=PV26")
    assert titles(text) == ["Later"]
    (past,) = re.findall(r'href="(/meetings\?[^"]+)">Eerdere bijeenkomsten', text)
    assert titles(page(world.public, past)) == ["Straks", "Nu bezig"]


def test_a_long_list_is_leafed_through(world: World) -> None:
    for number in range(51):
        world.publish(title={"nl": f"Titel {number}"}, **times(world.clock() + timedelta(days=number)))
    first = page(world.public, "/meetings?region=PV26")
    (second,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert (len(titles(first)), 'rel="prev"' in first) == (50, False)
    last = page(world.public, second)
    assert titles(last) == ["Titel 50"]
    assert re.findall(r'rel="prev" href="([^"]+)"', last) == ["/meetings?region=PV26&page=1"]


def test_an_empty_list_says_what_to_ask_instead(world: World) -> None:
    world.publish(title={"nl": "Wegen"}, region="PV25", themes=["klimaat"])
    world.publish(title={"nl": "Bruggen"}, region="PV29")
    text = page(world.public, "/meetings?region=PV26&theme=klimaat&q=wegen")
    assert "Er zijn geen bijeenkomsten gevonden" in text
    instead = re.findall(r'<li><a href="(/meetings[^"]*)">([^<]+)</a>: ([^<]+)</li>', text)
    assert instead == [
        ("/meetings?theme=klimaat&q=wegen", "zonder de regio", "1 bijeenkomst"),
        ("/meetings?theme=klimaat&q=wegen&region=PV25", "in Gelderland, dichtbij", "1 bijeenkomst"),
    ]
    for address, _, _ in instead:
        assert titles(page(world.public, address)) == ["Wegen"]
    assert 'href="/knowledge?q=wegen"' in text
    assert "Ook zonder deze filters" in page(world.public, "/meetings?region=PV20&theme=klimaat&q=xyzzy")
    assert "zonder de zoekwoorden</a>: 2 bijeenkomsten" in page(world.public, "/meetings?q=xyzzy")


def test_how_to_subscribe_is_explained_with_links_for_the_chosen_meetings(world: World) -> None:
    world.publish(series="ronde")
    query = "region=PV26&series=ronde"
    listed = page(world.public, f"/meetings?{query}")
    assert f'href="/calendar?{query}"' in listed
    text = page(world.public, f"/calendar?{query}")
    feed = f"http://127.0.0.1:8000/calendar.ics?{query}"
    for program in (
        "Outlook voor werk",
        "Outlook.com",
        "Klassieke Outlook",
        "Google",
        "Apple",
        "Thunderbird",
        "Nextcloud",
    ):
        assert re.search(rf"<summary>{program}", text)
    links = {
        urlsplit(link).netloc: parse_qs(urlsplit(link).query) for link in re.findall(r'href="(https://[^"]+)"', text)
    }
    assert links["outlook.office.com"]["url"] == links["outlook.live.com"]["url"] == [feed]
    assert links["calendar.google.com"]["cid"] == [feed.replace("http", "webcal")]
    assert f'href="{feed.replace("http", "webcal")}"' in text
    assert f'href="{feed.replace(".ics", ".atom")}"' in text
    assert f'href="/meetings?{query}"' in text
    assert world.public.get(feed).status_code == 200
    english = page(world.public, "/calendar?lang=en")
    assert "Classic Outlook for Windows" in english
    assert "/calendar.ics?lang=en" in english
    assert "PV99" in page(world.public, "/calendar?region=PV99&lang=nl", 400)
