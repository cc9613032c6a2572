"""Before a change goes out the page says what it is and how many hear of it, and asks why."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from shared.events.registration import OnlineSeats, SeatsChanged
from tests.builders import tell
from tests.catalog.conftest import LINK, SAME_SITE, World, as_object, errors, reasons
from tests.catalog.sending import fields_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

MOVED = {"startsAt": "2027-06-10T15:00", "venue.name": "Provinciehuis", "description.nl": "Eén.\n\nTwee."}


def test_a_change_is_shown_from_old_to_new_and_goes_out_with_the_reason(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish(sessions=[{"title": {"nl": "Inloop"}}], themes=["circulair", "klimaat"])
    full(world, meeting, taken=80, online=3, waiting=5)
    asked = save(organiser, meeting, MOVED)
    assert asked.status_code == 200
    text = unescape(asked.text)
    assert "83 mensen met een plek krijgen een nieuwe uitnodiging." in text
    assert changes(text) == {
        "Wanneer": (
            "donderdag 10 juni 2027, 14.00–17.00 uur",  # noqa: RUF001  # a dash between times
            "donderdag 10 juni 2027, 15.00–17.00 uur",  # noqa: RUF001
        ),
        "Waar": ("Stadhuis, Stadsplateau 1, 3521 AZ Utrecht", "Provinciehuis, Stadsplateau 1, 3521 AZ Utrecht"),
    }
    assert world.told("meeting.changed") == []

    too_long = confirm(organiser, asked, changeReason="x" * 1001)
    assert (too_long.status_code, set(errors(too_long.text))) == (400, {"changeReason"})
    assert "x" * 1001 in too_long.text
    assert confirm(organiser, too_long, changeReason="  De zaal is te klein. ").status_code == 303
    (changed,) = world.told("meeting.changed")
    assert (changed.reason, changed.changed) == ("De zaal is te klein.", ("place", "text", "time"))
    after = as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))
    venue = {**meeting["venue"], "name": "Provinciehuis"}
    moved = {"startsAt": "2027-06-10T13:00:00Z", "venue": venue, "description": {"nl": "Eén.\n\nTwee."}}
    assert after == {**meeting, **moved, "revision": 2, "changedAt": after["changedAt"]}


@pytest.mark.parametrize(
    ("mode", "typed", "says"),
    [
        ("mixed", {"title.en": "Buying"}, "83 mensen met een plek krijgen een nieuwe uitnodiging."),
        ("mixed", {"venue.city": "Zeist"}, "80 mensen met een plek krijgen een nieuwe uitnodiging."),
        (
            "mixed",
            {"onlineUrl": "https://video.example/other"},
            "3 mensen met een plek krijgen een nieuwe uitnodiging.",
        ),
        ("mixed", {"attendanceMode": "offline"}, "83 mensen met een plek krijgen een nieuwe uitnodiging."),
        ("offline", {"venue.city": "Zeist"}, "80 mensen met een plek krijgen een nieuwe uitnodiging."),
        ("offline", {"onlineUrl": "https://video.example/other"}, "Niemand krijgt een nieuwe uitnodiging."),
        ("online", {"venue.city": "Zeist"}, "Niemand krijgt een nieuwe uitnodiging."),
        ("online", {"onlineUrl": "https://video.example/other"}, "80 mensen met een plek krijgen een nieuwe"),
    ],
)
def test_who_hears_of_it_is_who_takes_part_so(
    world: World, organiser: "FlaskClient", mode: str, typed: dict[str, str], says: str
) -> None:
    meeting = world.publish(attendanceMode=mode)
    full(world, meeting, taken=80, online=3 if mode == "mixed" else None)
    assert says in unescape(save(organiser, meeting, typed).text)


def test_what_bothers_nobody_is_saved_at_once(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()
    assert save(organiser, meeting, {"description.nl": "Zonder tikfout"}).status_code == 303
    draft = world.draft()
    assert save(organiser, draft, MOVED).status_code == 303


def test_what_cannot_be_is_said_before_anybody_is_asked(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()
    refused = save(organiser, meeting, {**MOVED, "endsAt": "2027-06-10T13:00"})
    assert (refused.status_code, set(errors(refused.text))) == (400, {"endsAt"})
    bare = save(organiser, meeting, {"organiser.name": "", "title.nl": "Anders"})
    assert (bare.status_code, set(errors(bare.text))) == (400, {"organiser.name"})


def test_one_can_go_back_to_the_form_and_nothing_typed_is_lost(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()
    asked = save(organiser, meeting, MOVED)
    back = organiser.post(asked.request.path, data={**hidden(asked), "back": "yes"}, headers=SAME_SITE)
    typed = fields_of(back.text, asked.request.path)
    assert (typed["startsAt"], typed["venue.name"]) == (["2027-06-10T15:00"], ["Provinciehuis"])
    assert "Eén.\n\nTwee." in unescape(back.text)
    assert world.told("meeting.changed") == []


def test_what_was_typed_can_be_looked_at_before_it_is_saved(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()

    seen = save(organiser, meeting, {**MOVED, "preview": "yes"})
    wrong = save(organiser, meeting, {**MOVED, "endsAt": "2027-06-10T13:00", "preview": "yes"})

    assert (seen.status_code, seen.text.count("Provinciehuis") > 1) == (200, True)
    assert "Er is nog niets bewaard." in seen.text
    assert (wrong.status_code, set(errors(wrong.text))) == (400, {"endsAt"})
    assert "Provinciehuis" not in world.public.get(f"/meetings/{meeting['slug']}").text
    back = organiser.post(seen.request.path, data={**hidden(seen), "back": "yes"}, headers=SAME_SITE)
    assert fields_of(back.text, seen.request.path)["startsAt"] == ["2027-06-10T15:00"]
    asked = organiser.post(seen.request.path, data=hidden(seen), headers=SAME_SITE)
    assert "Wanneer" in changes(unescape(asked.text)), "it is asked about as ever"


def test_who_was_overtaken_while_thinking_reads_so(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()
    asked = save(organiser, meeting, MOVED)
    world.change(meeting["id"], {"startsAt": "2027-06-10T13:00"})
    stale = confirm(organiser, asked, changeReason="De zaal is te klein.")
    assert stale.status_code == 409
    assert "Iemand anders heeft deze bijeenkomst intussen gewijzigd" in stale.text
    assert 'value="Provinciehuis"' in stale.text
    again = organiser.post(asked.request.path, data=fields_of(stale.text, asked.request.path), headers=SAME_SITE)
    assert 'value="De zaal is te klein."' in again.text
    assert len(world.told("meeting.changed")) == 1
    back = organiser.post(asked.request.path, data={**hidden(asked), "back": "yes"}, headers=SAME_SITE)
    assert back.status_code == 409


def test_calling_off_says_how_many_hear_of_it(world: World, organiser: "FlaskClient") -> None:
    meeting = world.publish()
    full(world, meeting, taken=80, online=3, waiting=1)
    text = unescape(organiser.get(f"/organise/meetings/{meeting['id']}").text)
    assert "83 mensen met een plek krijgen in hun agenda dat de bijeenkomst niet doorgaat." in text
    assert "1 persoon op de wachtlijst krijgt een mail." in text


def test_a_program_acts_at_once_and_may_say_why(world: World) -> None:
    meeting = world.publish()
    done = world.change(meeting["id"], {"startsAt": "2027-06-10T15:00", "reason": "  De trein. "})
    assert done.status_code == 200
    assert "reason" not in as_object(done)
    world.change(meeting["id"], {"startsAt": "2027-06-10T14:00", "reason": None})
    assert [changed.reason for changed in world.told("meeting.changed")] == ["De trein.", ""]
    wrong = world.change(meeting["id"], {"endsAt": "2027-06-10T13:00", "reason": "x" * 1001})
    assert (wrong.status_code, set(reasons(wrong))) == (400, {"endsAt", "reason"})
    assert set(reasons(world.change(meeting["id"], {"reason": {"nl": "x"}}))) == {"reason"}
    assert LINK in world.told("meeting.changed")[0].meeting.online_url


def full(world: World, meeting: dict[str, Any], taken: int, online: int | None = None, waiting: int = 0) -> None:
    """Registration told how full it is."""
    places = None if online is None else OnlineSeats(capacity=None, taken=online, waiting=0)
    told = SeatsChanged(
        meeting_id=meeting["id"], capacity=100, taken=taken, free=100 - taken, waiting=waiting, online=places
    )
    tell(world.service, told)


def save(organiser: "FlaskClient", meeting: dict[str, Any], typed: dict[str, str]) -> "TestResponse":
    """Open the form, type, press Save."""
    path = f"/organise/meetings/{meeting['id']}"
    return organiser.post(path, data={**fields_of(organiser.get(path).text, path), **typed}, headers=SAME_SITE)


def hidden(asked: "TestResponse") -> dict[str, Any]:
    """What the page that asks hands on."""
    return fields_of(asked.text, asked.request.path)


def confirm(organiser: "FlaskClient", asked: "TestResponse", **typed: str) -> "TestResponse":
    return organiser.post(asked.request.path, data={**hidden(asked), "confirmed": "yes", **typed}, headers=SAME_SITE)


def changes(text: str) -> dict[str, tuple[str, str]]:
    """What the page says: old and new, by what it is."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd>.*?<del>(.*?)</del> → .*?<ins>(.*?)</ins></dd>", text)
    return {label: (before, after) for label, before, after in found}
