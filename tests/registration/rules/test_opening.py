from datetime import UTC, datetime, timedelta

import pytest

from services.registration.rules.decision import Refused
from services.registration.rules.opening import MeetingStatus, Opening, refuse_now, refuse_role

START = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
OPENS = START - timedelta(days=30)
CLOSES = START - timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (OPENS - SECOND, Refused("not-yet-open")),
        (OPENS, None),
        (CLOSES - SECOND, None),
        (CLOSES, Refused("closed")),
        (START, Refused("closed")),
    ],
)
def test_sign_up_opens_and_closes_at_its_moments(now: datetime, refused: Refused | None) -> None:
    assert refuse_now(Opening("published", START, OPENS, CLOSES), now) == refused


def test_without_moments_of_its_own_sign_up_is_open_until_the_start() -> None:
    opening = Opening("published", START)
    assert refuse_now(opening, START - SECOND) is None
    assert refuse_now(opening, START) == Refused("closed")


def test_no_sign_up_after_the_start_even_if_it_should_close_later() -> None:
    assert refuse_now(Opening("published", START, closes_at=START + SECOND), START) == Refused("closed")


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        ("draft", Refused("meeting-unknown")),
        ("cancelled", Refused("meeting-cancelled")),
        ("held", Refused("closed")),
    ],
)
def test_only_a_published_meeting_takes_sign_ups(status: MeetingStatus, refused: Refused) -> None:
    assert refuse_now(Opening(status, START), START - timedelta(days=2)) == refused


def test_other_roles_are_refused_unless_the_meeting_is_for_all_or_opened_to_them() -> None:
    for_buyers = frozenset({"inkoper"})
    assert refuse_role(Opening("published", START), "anders") is None
    assert refuse_role(Opening("published", START, target_groups=for_buyers), "inkoper") is None
    assert refuse_role(Opening("published", START, target_groups=for_buyers), "anders") == Refused("not-eligible")
    opened = Opening("published", START, target_groups=for_buyers, other_roles=True)
    assert refuse_role(opened, "anders") is None
