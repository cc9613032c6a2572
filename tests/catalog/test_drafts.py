"""Before a meeting is public: it is looked at as others will see it, becomes public by itself, or is thrown away."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.catalog.conftest import LINK, SAME_SITE, World, as_object, errors, reasons
from tests.catalog.sending import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SOON = "2027-05-03T09:00"


def test_a_draft_becomes_public_by_itself(world: World) -> None:
    draft = world.draft(publishAt="2027-05-02T09:00")
    world.change(draft["id"], {"publishAt": SOON})
    world.clock.now = datetime(2027, 5, 3, 6, 59, tzinfo=UTC)
    world.work()
    assert world.told("meeting.published") == []
    world.clock.forward(minutes=1)
    world.work()
    public = as_object(world.ask("GET", f"/v1/meetings/{draft['id']}"))
    assert (public["status"], public["publishAt"], public["publishedAt"]) == ("published", None, "2027-05-03T07:00:00Z")
    (line, *_rest) = world.ask("GET", f"/v1/meetings/{draft['id']}/history").json or []
    assert (line["act"], line["by"]["id"]) == ("published", "system")
    refused = world.change(draft["id"], {"publishAt": "2027-05-09T09:00"})
    assert set(reasons(refused)) == {"publishAt"}


def test_what_cannot_be_published_then_stays_a_draft_and_says_why(world: World, organiser: "FlaskClient") -> None:
    draft = world.draft(publishAt=SOON, seatPlan=None)
    path = f"/organise/meetings/{draft['id']}"
    assert "Niet gepubliceerd zoals gepland" not in organiser.get(path).text
    assert "Wordt vanzelf gepubliceerd op maandag 3 mei 2027, 09.00 uur" in organiser.get("/organise/").text
    world.clock.forward(days=3)
    world.work()
    assert world.told("meeting.published") == []
    assert "Niet gepubliceerd zoals gepland" in organiser.get("/organise/").text
    shown = unescape(organiser.get(path).text)
    assert "Dit concept zou worden gepubliceerd op maandag 3 mei 2027, 09.00 uur." in shown
    assert '<a href="#seatPlan.capacity">Vul in hoeveel plekken er zijn.</a>' in shown
    typed: dict[str, Any] = fields_of(shown, path)
    saved = organiser.post(path, data={**typed, "seatPlan.capacity": "20"}, headers=SAME_SITE)
    assert saved.status_code == 303
    world.work()
    assert world.told("meeting.published") == []  # the organiser says when, not the repair
    assert world.ask("POST", f"/v1/meetings/{draft['id']}/publication").status_code == 200


@pytest.mark.parametrize("moment", ["2027-04-30T09:00", "2027-06-10T14:00", "2027-03-28T02:30", "soon"])
def test_a_moment_that_cannot_be_is_refused_beside_the_field(
    world: World, organiser: "FlaskClient", moment: str
) -> None:
    draft = world.draft()
    assert set(reasons(world.change(draft["id"], {"publishAt": moment}))) == {"publishAt"}
    path = f"/organise/meetings/{draft['id']}"
    typed: dict[str, Any] = fields_of(organiser.get(path).text, path)
    refused = organiser.post(path, data={**typed, "publishAt": moment}, headers=SAME_SITE)
    assert (refused.status_code, set(errors(refused.text))) == (400, {"publishAt"})
    assert f'value="{moment}"' in refused.text


def test_a_plan_is_given_up_with_the_field(world: World) -> None:
    draft = world.draft(publishAt=SOON)
    world.change(draft["id"], {"publishAt": None})
    moved = world.draft(publishAt=SOON)
    copy = as_object(world.ask("POST", f"/v1/meetings/{moved['id']}/copies", json={"startsAt": "2027-07-01T10:00"}))
    assert copy["publishAt"] is None
    world.ask("DELETE", f"/v1/meetings/{moved['id']}", headers={"If-Match": "*"})
    world.clock.forward(days=5)
    world.work()
    assert world.told("meeting.published") == []


def test_a_preview_shows_the_page_and_the_entry_and_what_is_missing(world: World, organiser: "FlaskClient") -> None:
    draft = world.draft(seatPlan=None, costNote={"nl": "Gratis"})
    path = f"/organise/meetings/{draft['id']}/preview"
    shown = unescape(organiser.get(path).text)
    for said in (
        "Aanmelden",
        "Gratis",
        "<dd>Stadhuis, Stadsplateau 1, 3521 AZ Utrecht</dd>",
        "Wat werkt, en wat niet?",
    ):
        assert said in shown
    assert f'<a href="/organise/meetings/{draft["id"]}#seatPlan.capacity">Vul in hoeveel plekken er zijn.</a>' in shown
    assert LINK not in shown
    assert "Buying circular together" in organiser.get(f"{path}?lang=en").text
    assert world.public.get(path).status_code == 303


def test_only_a_draft_is_thrown_away(world_on: World) -> None:
    world = world_on
    draft = world.draft(title={"nl": "Weg ermee"})
    path = f"/v1/meetings/{draft['id']}"
    seen = world.ask("GET", path).headers["ETag"]
    world.change(draft["id"], {"format": "workshop"})
    assert world.ask("DELETE", path).status_code == 428
    stale = world.ask("DELETE", path, headers={"If-Match": seen})
    assert (stale.status_code, [each["name"] for each in as_object(stale)["changes"]]) == (412, ["format"])
    assert world.ask("DELETE", path, headers={"If-Match": stale.headers["ETag"]}).status_code == 204
    assert world.ask("GET", path).status_code == 404
    assert world.ask("GET", "/v1/meetings?status=draft&q=weg").json == []
    assert world.draft(title={"nl": "Weg ermee"})["slug"] == "weg-ermee"

    public = world.publish()
    refused = world.ask("DELETE", f"/v1/meetings/{public['id']}", headers={"If-Match": "*"})
    assert (refused.status_code, as_object(refused)["type"]) == (
        409,
        "http://127.0.0.1:8000/problems/meeting-not-a-draft",
    )
    world.give_key("groningen", "organiser", "PV20")
    assert world.ask("DELETE", f"/v1/meetings/{public['id']}", key="groningen").status_code == 403


def test_a_draft_is_thrown_away_on_a_page_that_asks_first(world: World, organiser: "FlaskClient") -> None:
    draft, public = world.draft(), world.publish()
    path = f"/organise/meetings/{draft['id']}/discarding"
    asked = organiser.get(path)
    assert "U kunt het niet terughalen." in asked.text
    assert as_object(world.ask("GET", f"/v1/meetings/{draft['id']}"))["status"] == "draft"
    done = organiser.post(path, data=fields_of(asked.text, path), headers=SAME_SITE)
    assert done.status_code == 303
    assert "Het concept is weggegooid." in organiser.get(done.location).text
    assert organiser.get(path).status_code == 404
    kept = organiser.get(f"/organise/meetings/{public['id']}/discarding").text
    assert not re.search(r"<form[^>]+discarding", kept)
