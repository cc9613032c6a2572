"""What calendar programs fetch: always valid, cheap to poll, and true."""

import gzip
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from werkzeug.test import TestResponse

from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference
from shared.calendar.validation import validate_output
from tests.catalog.conftest import World, lines, unfolded


def modified_at(answer: TestResponse) -> datetime:
    return parsedate_to_datetime(answer.headers["Last-Modified"])


def test_a_subscriber_sees_a_meeting_published_moved_and_called_off(world_on: World) -> None:
    world = world_on
    meeting = world.publish()
    first = world.public.get("/calendar.ics")
    validate_output(first.data)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "public, max-age=900"
    feed = unfolded(first.data)
    assert lines(feed, "DTSTART")[-1] == "20270610T140000"
    assert lines(feed, "SUMMARY") == ["Samen circulair inkopen"]
    assert lines(feed, "LOCATION") == [r"Stadhuis\, Stadsplateau 1\, 3521 AZ Utrecht"]
    assert lines(feed, "CATEGORIES") == ["Utrecht,inkoper,beleidsmaker of beleidsmedewerker,circulair inkopen"]
    assert lines(feed, "URL") == ["http://127.0.0.1:8000/meetings/samen-circulair-inkopen"]
    assert (lines(feed, "SEQUENCE"), lines(feed, "STATUS")) == (["0"], ["CONFIRMED"])
    assert lines(feed, "SOURCE") == ["http://127.0.0.1:8000/calendar.ics"]
    assert "METHOD" not in feed
    (uid,) = lines(feed, "UID")

    world.clock.forward(minutes=5)
    world.change(meeting["id"], {"startsAt": "2027-06-10T15:00", "venue": {"city": "Zeist"}})
    second = world.public.get("/calendar.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert modified_at(second) > modified_at(first)
    moved = unfolded(second.data)
    assert lines(moved, "DTSTART")[-1] == "20270610T150000"
    assert (lines(moved, "UID"), lines(moved, "SEQUENCE")) == ([uid], ["1"])
    assert lines(moved, "DTSTAMP") == lines(moved, "LAST-MODIFIED") == ["20270501T090500Z"]

    world.change(meeting["id"], {"description": {"nl": "Met koffie."}})
    assert lines(world.feed(), "SEQUENCE") == ["1"]

    world.ask("POST", f"/v1/meetings/{meeting['id']}/cancellation")
    off = world.feed()
    assert lines(off, "SUMMARY") == ["Afgelast: Samen circulair inkopen"]
    assert lines(world.feed("?lang=en"), "SUMMARY") == ["Cancelled: Buying circular together"]
    assert (lines(off, "SEQUENCE"), lines(off, "STATUS"), lines(off, "TRANSP")) == (
        ["2"],
        ["CANCELLED"],
        ["TRANSPARENT"],
    )


def test_an_unchanged_feed_is_not_sent_again(world: World) -> None:
    world.publish()
    plain = world.public.get("/calendar.ics")
    zipped = world.public.get("/calendar.ics", headers={"Accept-Encoding": "gzip"})
    tag = plain.headers["ETag"].strip('"')
    assert zipped.headers["ETag"] == f'"{tag}-gzip"'
    assert (zipped.headers["Content-Encoding"], zipped.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(zipped.data) == plain.data

    for known in (f'"{tag}"', f'"{tag}-gzip"', f'W/"{tag}"', "*", f'"other", "{tag}"'):
        again = world.public.get("/calendar.ics", headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == f'"{tag}"'
        assert again.headers["Cache-Control"] == plain.headers["Cache-Control"]
        assert again.headers["Vary"] == "Accept-Encoding"

    since = {"If-Modified-Since": plain.headers["Last-Modified"]}
    assert world.public.get("/calendar.ics", headers=since).status_code == 304
    other_tag = {**since, "If-None-Match": '"other"'}
    assert world.public.get("/calendar.ics", headers=other_tag).status_code == 200  # the tag goes before the date
    head = world.public.head("/calendar.ics")
    assert (head.data, head.headers["ETag"]) == (b"", f'"{tag}"')


def test_two_changes_within_one_second_are_two_moments(world: World) -> None:
    meeting = world.publish()
    first = world.public.get("/calendar.ics")
    world.change(meeting["id"], {"title": {"nl": "Nieuw"}})
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert world.public.get("/calendar.ics", headers=since).status_code == 200


def test_many_changes_at_once_do_not_run_ahead_of_the_clock(world: World) -> None:
    words = [Reference(kind="theme", code=f"thema-{number}", labels={"nl": str(number)}) for number in range(5)]
    world.clock.forward(minutes=1)
    with world.service.database.begin() as tx:
        for word in words:
            keep_reference(tx, [word], Addresses("http://127.0.0.1:8000"))
    assert modified_at(world.public.get("/calendar.ics")) == world.clock().replace(microsecond=0)


def test_last_modified_moves_only_forward(world: World) -> None:
    meeting = world.publish()
    moments = [modified_at(world.public.get("/calendar.ics"))]
    world.clock.forward(hours=-3)  # the clock was set back
    world.change(meeting["id"], {"title": {"nl": "Nieuw"}})
    moments.append(modified_at(world.public.get("/calendar.ics")))
    world.clock.forward(days=1)
    moments.append(modified_at(world.public.get("/calendar.ics")))
    assert moments == sorted(set(moments))


def test_the_window_slides_with_the_days(world: World) -> None:
    meeting = world.publish()
    called_off = world.publish(title={"nl": "Gaat niet door"})
    world.ask("POST", f"/v1/meetings/{called_off['id']}/cancellation")
    far = world.publish(title={"nl": "Ver weg"}, startsAt="2028-12-01T10:00", endsAt="2028-12-01T12:00")

    def shown() -> set[str]:
        return {uid.split("@")[0] for uid in lines(world.feed(), "UID")}

    assert shown() == {meeting["id"], called_off["id"]}
    world.clock.now = datetime(2027, 7, 10, 9, 0, tzinfo=UTC)
    assert shown() == {meeting["id"], called_off["id"], far["id"]}
    world.clock.forward(days=1)
    assert shown() == {meeting["id"], far["id"]}
    world.clock.now = datetime(2027, 8, 9, 21, 0, tzinfo=UTC)
    assert shown() == {meeting["id"], far["id"]}
    world.clock.forward(hours=2)  # past midnight in Amsterdam, not yet in UTC
    assert shown() == {far["id"]}


def test_each_filter_is_a_feed_of_its_own(world: World) -> None:
    world.publish(series="ronde")
    world.publish(title={"nl": "Fries"}, region="PV21", targetGroups=["bestuurder"], seatPlan={"capacity": 5})
    assert len(lines(world.feed(), "SUMMARY")) == 2
    assert lines(world.feed("?region=PV21"), "SUMMARY") == ["Fries"]
    assert lines(world.feed("?region=PV21&targetGroup=inkoper"), "SUMMARY") == []
    assert lines(world.feed("?targetGroup=bestuurder&targetGroup=inkoper&region="), "SUMMARY") == [
        "Samen circulair inkopen",
        "Fries",
    ]
    assert lines(world.feed("?series=ronde&theme=circulair"), "SUMMARY") == ["Samen circulair inkopen"]
    named = world.feed("?targetGroup=inkoper&region=PV21&lang=en")
    assert lines(named, "NAME") == [r"Meetings: Fryslân\, procurement officer"]
    assert lines(named, "SOURCE") == ["http://127.0.0.1:8000/calendar.ics?region=PV21&targetGroup=inkoper&lang=en"]


@pytest.mark.parametrize("query", ["region=PV99", "targetGroup=koning", "theme=x", "series=x", "lang=fr"])
def test_an_unknown_code_is_an_error_and_not_an_empty_calendar(world: World, query: str) -> None:
    assert world.public.get(f"/calendar.ics?{query}").status_code == 400


def test_an_empty_feed_is_a_valid_calendar(world: World) -> None:
    answer = world.public.get("/calendar.ics?region=PV20")
    validate_output(answer.data)
    assert b"BEGIN:VTIMEZONE" in answer.data
    assert b"BEGIN:VEVENT" not in answer.data


def test_only_what_everyone_may_find_is_in_a_feed(world: World) -> None:
    unlisted = world.publish(visibility="unlisted")
    world.publish(visibility="invited")
    world.draft()
    assert "BEGIN:VEVENT" not in world.feed()
    assert world.public.get(f"/meetings/{unlisted['slug']}.ics").status_code == 200


def test_meetings_on_both_sides_of_the_clock_change(world: World) -> None:
    world.publish(startsAt="2027-10-30T14:00", endsAt="2027-10-31T12:00")
    twice = world.publish(title={"nl": "Nacht"}, startsAt="2027-10-31T02:30", endsAt="2027-10-31T05:00")
    lisbon = world.publish(title={"nl": "Lissabon"}, timeZone="Europe/Lisbon")
    assert twice["startsAt"] == "2027-10-31T00:30:00Z"
    assert lisbon["startsAt"] == "2027-06-10T13:00:00Z"
    feed = world.feed()
    assert "DTSTART;TZID=Europe/Amsterdam:20271030T140000" in feed
    assert "DTSTART:20271031T003000Z" in feed  # a clock shows 02.30 twice: then UTC
    assert "2027-06-10 14:00 – 17:00 (Europe/Lisbon)" in feed  # noqa: RUF001  # a dash between times
    validate_output(world.public.get("/calendar.ics").data)


def test_one_meeting_as_a_file(world: World) -> None:
    meeting = world.publish(title={"nl": 'Überleg; "kopen", \\N € 😀'})
    answer = world.public.get(f"/meetings/{meeting['slug']}.ics?lang=en")
    validate_output(answer.data)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{meeting["slug"]}.ics"'
    assert lines(unfolded(answer.data), "SUMMARY") == [r'Überleg\; "kopen"\, \\N € 😀']
    assert world.public.get("/meetings/nergens.ics").status_code == 404
    draft = world.draft()
    assert world.public.get(f"/meetings/{draft['slug']}.ics").status_code == 404


def test_a_new_label_reaches_the_feeds(world: World) -> None:
    world.publish()
    tag = world.public.get("/calendar.ics").headers["ETag"]
    renamed = Reference(kind="theme", code="circulair", labels={"nl": "rond"}, position=1)
    with world.service.database.begin() as tx:
        assert keep_reference(tx, [renamed], Addresses("http://127.0.0.1:8000")) == 1
    answer = world.public.get("/calendar.ics", headers={"If-None-Match": tag})
    assert lines(unfolded(answer.data), "CATEGORIES")[0].endswith(",rond")
