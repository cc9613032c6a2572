"""Trying again: soon at first, then seldom, never all at once, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.rules.retry import retry_at

QUEUED = datetime(2027, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "shortest", "longest"),
    [
        (1, timedelta(seconds=2.5), timedelta(seconds=5)),
        (2, timedelta(seconds=5), timedelta(seconds=10)),
        (7, timedelta(seconds=160), timedelta(seconds=320)),
        (13, timedelta(hours=2), timedelta(hours=4)),
        (1000, timedelta(hours=2), timedelta(hours=4)),
    ],
)
def test_pauses_grow(attempts: int, shortest: timedelta, longest: timedelta) -> None:
    assert retry_at(QUEUED, attempts, QUEUED, 0.0) == QUEUED + shortest
    assert retry_at(QUEUED, attempts, QUEUED, 1.0) == QUEUED + longest


def test_after_two_days_it_is_enough() -> None:
    assert retry_at(QUEUED, 20, QUEUED + timedelta(hours=47), 0.5)
    assert retry_at(QUEUED, 20, QUEUED + timedelta(hours=48), 0.5) is None
