"""From a draft to a meeting that everyone sees, changes and is called off: by API."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.catalog.actions.hold_meeting import hold_meeting
from services.catalog.rules.addresses import Addresses
from shared.events.catalog import Contact, Label, SeatPlan, Venue
from tests.catalog.conftest import LINK, READY, TEXTS, World, as_object, reasons


def test_a_meeting_lives(world_on: World) -> None:
    world = world_on
    draft = world.draft()
    assert draft["status"] == "draft"
    assert draft["slug"] == "samen-circulair-inkopen"
    assert draft["startsAt"] == "2027-06-10T12:00:00Z"
    assert draft["region"] == "PV26"
    assert draft["regions"] == ["PV26"]
    assert world.public.get("/v1/meetings").json == []
    assert world.public.get(f"/v1/meetings/{draft['id']}").status_code == 404

    published = as_object(world.ask("POST", f"/v1/meetings/{draft['id']}/publication"))
    assert (published["status"], published["revision"]) == ("published", 1)
    (seen,) = world.public.get("/v1/meetings?region=PV26&targetGroup=inkoper").json or []
    assert seen["id"] == draft["id"]
    assert world.public.get("/v1/meetings?region=PV20").json == []

    changed = as_object(world.change(draft["id"], {"startsAt": "2027-06-10T15:00"}))
    assert (changed["revision"], changed["startsAt"]) == (2, "2027-06-10T13:00:00Z")

    answer = world.ask("POST", f"/v1/meetings/{draft['id']}/cancellation", json={"reason": "Te weinig aanmeldingen"})
    assert as_object(answer)["status"] == "cancelled"
    (seen,) = world.public.get("/v1/meetings").json or []
    assert seen["cancelledReason"] == "Te weinig aanmeldingen"


def test_events_carry_all_facts(world: World) -> None:
    meeting = world.publish()
    world.change(meeting["id"], {"startsAt": "2027-06-10T13:00", "summary": {"nl": "Anders"}})
    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation", json={"reason": "Storm"})

    (published,) = world.told("meeting.published")
    facts = published.meeting
    assert facts.url == "http://127.0.0.1:8000/meetings/samen-circulair-inkopen"
    assert facts.regions == (Label(code="PV26", labels={"nl": "Utrecht"}),)
    assert [group.code for group in facts.target_groups] == ["inkoper", "beleidsmaker"]
    assert facts.target_groups[0].labels["en"] == "procurement officer"
    assert facts.seat_plan == SeatPlan(capacity=40, reserved={"inkoper": 10}, maximum={"beleidsmaker": 20})
    assert facts.organiser == Contact(name="Provincie Utrecht", email="mvi@provincie.example")
    assert facts.venue == Venue(name="Stadhuis", address="Stadsplateau 1", postal_code="3521 AZ", city="Utrecht")
    assert (facts.online_url, facts.time_zone, facts.revision) == (LINK, "Europe/Amsterdam", 1)
    (changed,) = world.told("meeting.changed")
    assert changed.changed == ("text", "time")
    assert changed.meeting.starts_at == datetime(2027, 6, 10, 11, 0, tzinfo=UTC)
    (cancelled,) = world.told("meeting.cancelled")
    assert (cancelled.reason, cancelled.meeting.status, cancelled.meeting.revision) == ("Storm", "cancelled", 3)


def test_a_draft_says_per_field_what_it_lacks(world: World) -> None:
    draft = as_object(world.ask("POST", "/v1/meetings", json=TEXTS))
    refused = world.ask("POST", f"/v1/meetings/{draft['id']}/publication", headers={"Accept-Language": "nl"})
    assert refused.status_code == 400
    assert reasons(refused) == {
        "region": "Kies de regio waarvoor deze bijeenkomst is.",
        "organiser.name": "Vul in wie deze bijeenkomst organiseert.",
        "venue": "Vul in waar de bijeenkomst is, of kies een online bijeenkomst.",
        "seatPlan.capacity": "Vul in hoeveel plekken er zijn.",
    }
    assert world.told("meeting.published") == []


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"capacity": 5, "reserved": {"inkoper": 4, "beleidsmaker": 2}}, "seatPlan.reserved"),
        ({"capacity": 5, "reserved": {"inkoper": 4}, "maximum": {"inkoper": 3}}, "seatPlan.maximum.inkoper"),
        ({"capacity": 5, "reserved": {"bestuurder": 1}}, "seatPlan.reserved.bestuurder"),
        ({"capacity": 0}, "seatPlan.capacity"),
    ],
)
def test_a_seat_plan_that_cannot_be_kept_is_not_published(world: World, plan: dict[str, Any], field: str) -> None:
    draft = world.draft(seatPlan=plan)
    assert list(reasons(world.ask("POST", f"/v1/meetings/{draft['id']}/publication"))) == [field]


def test_a_published_meeting_stays_publishable(world: World) -> None:
    meeting = world.publish()
    refused = world.change(meeting["id"], {"region": None, "seatPlan": {"capacity": 9}})
    assert refused.status_code == 400
    assert sorted(reasons(refused)) == ["region", "seatPlan.reserved"]
    assert as_object(world.public.get(f"/v1/meetings/{meeting['id']}"))["revision"] == 1


def test_publishing_and_cancelling_twice_is_once(world: World) -> None:
    meeting = world.publish()
    assert as_object(world.ask("POST", f"/v1/meetings/{meeting['id']}/publication"))["revision"] == 1
    for _ in range(2):
        cancelled = world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation")
        assert as_object(cancelled)["revision"] == 2
    assert len(world.told("meeting.published") + world.told("meeting.cancelled")) == 2
    assert world.ask("POST", f"/v1/meetings/{meeting['id']}/publication").status_code == 409
    assert world.change(meeting["id"], {"summary": {"nl": "Nieuw"}}).status_code == 409


def test_nobody_overwrites_the_change_of_another(world: World) -> None:
    meeting = world.publish(format="gesprek")
    path = f"/v1/meetings/{meeting['id']}"
    seen = world.public.get(path).headers["ETag"]
    assert world.ask("PATCH", path, json={"format": "workshop"}).status_code == 428
    assert world.change(meeting["id"], {"format": "workshop"}, seen).status_code == 200
    assert world.change(meeting["id"], {"venue": {"city": "Zeist"}, "title": {"en": "To and fro"}}).status_code == 200
    assert world.change(meeting["id"], {"title": {"en": meeting["title"]["en"]}}).status_code == 200

    stale = world.change(meeting["id"], {"format": "lezing"}, seen)
    assert (stale.status_code, stale.mimetype) == (412, "application/problem+json")
    assert as_object(stale)["changes"] == [
        {"name": "format", "before": "gesprek", "after": "workshop"},
        {"name": "venue.city", "before": "Utrecht", "after": "Zeist"},
    ]
    assert as_object(world.public.get(path))["format"] == "workshop"
    assert as_object(world.change(meeting["id"], {}, '"of-another-site"'))["changes"] == []
    assert world.change(meeting["id"], {"format": "lezing"}, stale.headers["ETag"]).status_code == 200


def test_a_patch_changes_what_it_names_and_null_removes(world: World) -> None:
    meeting = world.publish(sessions=[{"title": {"nl": "Inloop"}}])
    patched = as_object(
        world.change(
            meeting["id"],
            {"venue": {"city": "Zeist"}, "seatPlan": {"reserved": {"inkoper": None}}, "region": "PV25"},
        )
    )
    assert patched["venue"] == {**READY["venue"], "city": "Zeist"}
    assert patched["seatPlan"]["reserved"] == {}
    assert patched["regions"] == ["PV25"]
    assert patched["sessions"] == meeting["sessions"]


def test_a_patch_that_changes_nothing_tells_nobody(world: World) -> None:
    meeting = world.publish()
    answer = world.change(meeting["id"], {"startsAt": "2027-06-10T14:00:00+02:00", "format": ""})
    assert as_object(answer)["revision"] == 1
    assert world.told("meeting.changed") == []


def test_a_title_gives_the_address_until_publication(world: World) -> None:
    first, second = world.draft(), world.draft()
    assert second["slug"] == "samen-circulair-inkopen-2"
    renamed = as_object(world.change(second["id"], {"title": {"nl": "Café: één € per stoel!", "en": None}}))
    assert renamed["slug"] == "cafe-een-per-stoel"
    world.ask("POST", f"/v1/meetings/{first['id']}/publication")
    assert as_object(world.change(first["id"], {"title": {"nl": "Heel anders"}}))["slug"] == first["slug"]


def test_an_online_meeting_needs_a_link_and_no_place(world: World) -> None:
    meeting = world.publish(venue=None, attendanceMode=None)
    assert meeting["attendanceMode"] == "online"


def test_the_end_of_a_meeting_is_told(world: World) -> None:
    meeting = world.publish()
    with world.service.database.begin() as tx:
        hold_meeting(tx, meeting["id"], Addresses("http://127.0.0.1:8000"))  # a worker whose clock runs ahead
    world.change(meeting["id"], {"endsAt": "2027-06-10T18:00"})
    world.clock.now = datetime(2027, 6, 10, 15, 30, tzinfo=UTC)
    world.work()
    assert world.told("meeting.held") == []
    world.clock.forward(hours=1)
    world.work()
    (held,) = world.told("meeting.held")
    assert held.meeting.status == "held"
    assert as_object(world.public.get(f"/v1/meetings/{meeting['id']}"))["status"] == "held"
    assert world.change(meeting["id"], {"startsAt": "2027-06-10T13:00"}).status_code == 409


@pytest.mark.parametrize(
    ("patch", "names"),
    [
        ({"targetGroups": ["inkoper", "koning"]}, ["targetGroups"]),
        ({"region": "PV99", "themes": ["x"]}, ["regions", "themes"]),
        ({"endsAt": "2027-06-10T13:59"}, ["endsAt"]),
        ({"title": {"nl": "Bel\u0007"}}, ["title.nl"]),
        ({"venue": {"name": "A\tB"}, "description": {"nl": "a\u2028b"}}, ["description.nl", "venue.name"]),
        ({"startsAt": "2027-03-28T02:30"}, ["startsAt"]),
        ({"startsAt": "morgen", "endsAt": "0001-01-01T00:00:00+14:00"}, ["endsAt", "startsAt"]),
        ({"timeZone": "Europe/Nergens"}, ["timeZone"]),
        ({"seatPlan": {"capacity": -1, "reserved": {"koning": 1}}}, ["seatPlan.capacity", "seatPlan.reserved"]),
        ({"seatPlan": {"capacity": 3.5}}, ["seatPlan.capacity"]),
        ({"onlineUrl": "javascript:alert(1)"}, ["onlineUrl"]),
        ({"organiser": {"email": "geen adres"}}, ["organiser.email"]),
        ({"title": {"nl": "  "}}, ["title"]),
        ({"colour": "red"}, ["colour"]),
        ({"title": None, "startsAt": None}, ["startsAt", "title"]),
    ],
)
def test_bad_input_is_refused_with_all_fields_at_once(world: World, patch: dict[str, Any], names: list[str]) -> None:
    refused = world.ask("POST", "/v1/meetings", json={**READY, **patch})
    assert refused.status_code == 400
    assert sorted({name.split(".value")[0] for name in reasons(refused)}) == names
    assert world.ask("GET", "/v1/meetings").json == []


def test_a_nonexistent_time_is_explained_in_the_readers_language(world: World) -> None:
    sent = {**READY, "startsAt": "2027-03-28T02:30", "endsAt": "2027-03-28T05:00"}
    dutch = world.ask("POST", "/v1/meetings", json=sent, headers={"Accept-Language": "nl"})
    english = world.ask("POST", "/v1/meetings", json=sent, headers={"Accept-Language": "en"})
    assert "bestaat niet" in reasons(dutch)["startsAt"]
    assert "does not exist" in reasons(english)["startsAt"]


def test_broken_and_too_large_bodies(world: World) -> None:
    broken = world.ask("POST", "/v1/meetings", data=b'{"title": ', content_type="application/json")
    assert (broken.status_code, broken.mimetype) == (400, "application/problem+json")
    large = json.dumps({"description": {"nl": "x" * 10_000_000}})
    assert world.ask("POST", "/v1/meetings", data=large, content_type="application/json").status_code == 413
    assert world.ask("POST", "/v1/meetings", data=b"<a/>", content_type="text/xml").status_code == 415
    assert world.ask("POST", "/v1/meetings", json=[1, 2]).status_code == 400


def test_filters_find_by_place_time_and_words(world: World) -> None:
    utrecht = world.publish(series="ronde-1")["id"]
    frisian = world.publish(
        title={"nl": "Inkopen op z'n Fries"},
        region="PV21",
        targetGroups=[],
        seatPlan={"capacity": 3},
        themes=["klimaat"],
        organiser={"name": "wetterskip fryslân"},
        startsAt="2027-09-01T10:00",
        endsAt="2027-09-01T12:00",
    )["id"]

    def found(query: str) -> list[str]:
        return [meeting["id"] for meeting in world.public.get(f"/v1/meetings?{query}").json or []]

    assert found("") == [utrecht, frisian]
    assert found("region=PV21&region=PV26") == [utrecht, frisian]
    assert found("region=PV21&targetGroup=inkoper") == []
    assert found("theme=klimaat") == [frisian]
    assert found("series=ronde-1") == [utrecht]
    assert found("organisation=https://identifier.overheid.nl/tooi/id/waterschap/ws0653") == [frisian]
    assert found("from=2027-06-11") == [frisian]
    assert found("from=2027-06-10&until=2027-06-10") == [utrecht]
    assert found("q=STADHUIS+circulair") == [utrecht]
    assert found("q=100%25") == []
    assert found("limit=1&page=2") == [frisian]
    link = world.public.get("/v1/meetings?limit=1").headers["Link"]
    assert '<http://127.0.0.1:8000/v1/meetings?limit=1&page=2>; rel="next"' in link
    for unknown in ("region=PV99", "targetGroup=koning", "theme=x", "series=x", "organisation=x", "from=gisteren"):
        assert world.public.get(f"/v1/meetings?{unknown}").status_code == 400


def test_an_organiser_reaches_the_meetings_of_the_own_region(world: World) -> None:
    world.give_key("utrecht", "organiser", "PV26")
    world.give_key("auditor", "auditor")
    elsewhere = world.draft(region="PV20")["id"]
    drafted = world.ask("POST", "/v1/meetings", "utrecht", json=TEXTS)
    own = as_object(drafted)
    assert own["regions"] == ["PV26"]
    assert drafted.headers["Location"] == f"http://127.0.0.1:8000/v1/meetings/{own['id']}"

    assert [meeting["id"] for meeting in world.ask("GET", "/v1/meetings", "utrecht").json or []] == [own["id"]]
    assert len(world.ask("GET", "/v1/meetings?status=draft").json or []) == 2
    assert world.ask("GET", f"/v1/meetings/{elsewhere}", "utrecht").status_code == 404
    assert world.ask("POST", f"/v1/meetings/{elsewhere}/publication", "utrecht").status_code == 403
    moved = world.ask(
        "PATCH", f"/v1/meetings/{own['id']}", "utrecht", json={"region": "PV20"}, headers={"If-Match": "*"}
    )
    assert moved.status_code == 403
    assert world.ask("POST", "/v1/meetings", "utrecht", json=READY | {"region": "PV20"}).status_code == 403
    assert world.ask("GET", f"/v1/meetings/{elsewhere}", "auditor").status_code == 200
    assert world.ask("POST", "/v1/meetings", "auditor", json=TEXTS).status_code == 403


def test_refusals_come_in_order(world: World) -> None:
    assert world.public.patch("/v1/meetings/unknown", json={}).status_code == 401
    assert world.ask("PATCH", "/v1/meetings/unknown", "wrong", json={}).status_code == 401
    assert world.ask("PATCH", "/v1/meetings/unknown", data=b"{").status_code == 404
    meeting = world.draft()
    path = f"/v1/meetings/{meeting['id']}"
    assert world.ask("PATCH", path, data=b"{", content_type="text/plain").status_code == 428
    text = world.ask("PATCH", path, data=b"{", content_type="text/plain", headers={"If-Match": "*"})
    assert text.status_code == 415
    patch = world.ask(
        "PATCH", path, data=b'{"format": "x"}', content_type="application/merge-patch+json", headers={"If-Match": "*"}
    )
    assert as_object(patch)["format"] == "x"


def test_many_organisers_at_once(world_on: World) -> None:
    world = world_on
    meeting = world.publish()
    seen = world.public.get(f"/v1/meetings/{meeting['id']}").headers["ETag"]

    def work(number: int) -> tuple[str, int]:
        own = replace(world, public=world.service.app.test_client())
        changed = own.change(meeting["id"], {"format": f"vorm {number}"}, seen)
        return own.publish()["slug"], changed.status_code

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))
    assert len({slug for slug, _ in done} | {meeting["slug"]}) == 9
    assert sorted(status for _, status in done) == [200] + [412] * 7
    assert len(world.told("meeting.changed")) == 1
