"""What a person should know and hold, as a function of the newest facts alone."""

from dataclasses import replace
from typing import Any

import pytest

from services.notifications.rules.desired import desired, is_over, news, without_link
from shared.events.catalog import Venue
from tests.builders import a_meeting, a_registration

MEETING = a_meeting(online_url="https://video.example/1")
SAM = a_registration(meeting_id=MEETING.id)


@pytest.mark.parametrize(
    ("meeting_status", "status", "expected"),
    [
        ("published", "confirmed", "confirmed"),
        ("published", "waitlisted", "waitlisted"),
        ("published", "cancelled", "cancelled"),
        ("published", "requested", "requested"),
        ("published", "unconfirmed", "unconfirmed"),
        ("published", "rejected", "rejected"),
        ("published", "offered", "offered"),
        ("published", "declined", "declined"),
        ("published", "expired", "expired"),
        ("held", "attended", None),
        ("cancelled", "offered", "called_off"),
        ("cancelled", "requested", "called_off"),
        ("cancelled", "rejected", "rejected"),
        ("cancelled", "confirmed", "called_off"),
        ("cancelled", "waitlisted", "called_off"),
        ("cancelled", "cancelled", "cancelled"),
    ],
)
def test_news(meeting_status: Any, status: Any, expected: str | None) -> None:
    assert news(replace(MEETING, status=meeting_status), replace(SAM, status=status)) == expected


@pytest.mark.parametrize(
    "status", ["waitlisted", "requested", "unconfirmed", "rejected", "declined", "expired", "cancelled"]
)
def test_without_a_seat_a_calendar_holds_nothing(status: Any) -> None:
    assert desired(MEETING, replace(SAM, status=status)) is None


def test_a_cancelled_meeting_dominates() -> None:
    assert desired(replace(MEETING, status="cancelled"), SAM) is None


@pytest.mark.parametrize(
    ("mode", "attendance", "is_online"),
    [
        ("offline", "venue", False),
        ("offline", "online", False),
        ("online", "venue", True),
        ("mixed", "venue", False),
        ("mixed", "online", True),
    ],
)
def test_where_somebody_takes_part(mode: Any, attendance: Any, is_online: bool) -> None:  # noqa: FBT001  # a column of the table
    held = desired(replace(MEETING, attendance_mode=mode), replace(SAM, attendance=attendance))
    assert held
    assert (held.location == MEETING.online_url) == bool(held.online_url) == is_online
    assert "video" not in str(without_link(held))


def test_a_title_in_one_language_only_is_shown_in_that() -> None:
    held = desired(replace(MEETING, title={"en": "Only English"}), SAM)
    assert held
    assert held.title == "Only English"


def test_a_place_is_spelled_without_holes() -> None:
    held = desired(replace(MEETING, venue=Venue(name="Stadhuis", city="Assen")), SAM)
    assert held
    assert held.location == "Stadhuis, Assen"


def test_a_meeting_is_over_from_its_last_moment() -> None:
    assert is_over(MEETING, MEETING.ends_at)
    assert not is_over(MEETING, MEETING.starts_at)
