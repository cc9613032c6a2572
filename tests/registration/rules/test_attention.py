"""What waits at a meeting, and what of it comes first."""

from datetime import UTC, datetime, timedelta

import pytest

from services.registration.rules.attention import Concerns, Kind, Matter, matters, urgency

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def meeting(begins: timedelta, **open_: object) -> Concerns:
    """A meeting of three hours that begins so long from now."""
    return Concerns(starts_at=NOW + begins, ends_at=NOW + begins + timedelta(hours=3), **open_)  # type: ignore[arg-type]  # what stands open


def kinds(found: list[Matter]) -> list[Kind]:
    return [matter.kind for matter in found]


def test_an_offer_is_told_on_its_last_day_and_before_it_ends() -> None:
    last_day = meeting(9 * DAY, offers=2, offer_until=NOW + DAY)
    earlier = meeting(9 * DAY, offers=2, offer_until=NOW + DAY + timedelta(seconds=1))

    assert matters(last_day, NOW) == [Matter("offers", 2, NOW + DAY)]
    assert matters(earlier, NOW) == []


@pytest.mark.parametrize(
    ("begins", "expected"), [(timedelta(0), []), (-timedelta(hours=2), []), (-timedelta(hours=3), ["close"])]
)
def test_once_it_began_nothing_is_left_but_to_close_the_attendance(begins: timedelta, expected: list[Kind]) -> None:
    assert kinds(matters(meeting(begins, requests=3, over_plan=1), NOW)) == expected
    assert matters(meeting(begins, requests=3, is_open=False), NOW) == []


def test_what_is_late_goes_by_its_kind_however_late_it_is_and_before_what_is_not() -> None:
    long_over = Matter("close", 1, NOW - 30 * DAY)
    asked = Matter("approve", 2, NOW - DAY)
    offered = Matter("offers", 1, NOW + timedelta(hours=1))
    later = Matter("approve", 1, NOW + DAY)
    starts_at = NOW + 9 * DAY

    in_order = sorted([later, long_over, offered, asked], key=lambda each: urgency(each, starts_at, NOW))

    assert in_order == [asked, long_over, offered, later]
