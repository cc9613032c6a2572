"""Trying again: soon at first, then seldom, never all at once, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.rules.retry import is_enough, probe_at, retry_at

NOW = datetime(2027, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "shortest", "longest"),
    [
        (1, timedelta(seconds=5), timedelta(seconds=10)),
        (2, timedelta(seconds=10), timedelta(seconds=20)),
        (7, timedelta(seconds=320), timedelta(seconds=640)),
        (10, timedelta(minutes=30), timedelta(hours=1)),
        (1000, timedelta(minutes=30), timedelta(hours=1)),
    ],
)
def test_pauses_grow(attempts: int, shortest: timedelta, longest: timedelta) -> None:
    assert retry_at(attempts, NOW, 0.0) == NOW + shortest
    assert retry_at(attempts, NOW, 1.0) == NOW + longest


def test_after_three_days_it_is_enough() -> None:
    assert not is_enough(NOW, NOW + timedelta(hours=71))
    assert is_enough(NOW, NOW + timedelta(hours=72))


def test_a_server_that_is_away_is_asked_at_least_every_five_minutes() -> None:
    assert [probe_at(failures, NOW, 1.0) - NOW for failures in (3, 4, 8, 1000)] == [
        timedelta(seconds=10),
        timedelta(seconds=20),
        timedelta(minutes=5),
        timedelta(minutes=5),
    ]
