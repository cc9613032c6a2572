"""When a mail that was not taken is tried again, and when a mail server that is away is asked again."""

from datetime import datetime, timedelta

AT_ONCE = 3
"""Mails that are under way to one domain at the same time, by all workers together."""

ENOUGH_FAILURES = 3
"""Times in a row that the mail server was not there, after which no mail is tried before it is."""

ON_ITS_WAY = ("waiting", "sending")
"""The states of a mail that has still to leave."""

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(hours=72)
_LONGEST_AWAY = timedelta(minutes=5)


def retry_at(attempts: int, now: datetime, chance: float) -> datetime:
    """The moment of the next attempt after ``attempts`` failed ones. Times are aware UTC.

    The pause doubles from 10 seconds up to an hour; ``chance`` (0…1) picks a moment in its second half, so that mails
    which failed together do not come back together.
    """
    return now + _doubled(attempts, _LONGEST_PAUSE) * (0.5 + chance / 2)


def is_enough(queued_at: datetime, now: datetime) -> bool:
    """Whether a mail that the server does not take is given up: three days after it was queued."""
    return now - queued_at >= _GIVE_UP_AFTER


def probe_at(failures: int, now: datetime, chance: float) -> datetime:
    """When a mail server that was away ``failures`` times in a row is asked whether it is back; within 5 minutes."""
    return now + _doubled(failures - ENOUGH_FAILURES + 1, _LONGEST_AWAY) * (0.5 + chance / 2)


def _doubled(times: int, longest: timedelta) -> timedelta:
    return min(_FIRST_PAUSE * (1 << min(max(times - 1, 0), 20)), longest)
