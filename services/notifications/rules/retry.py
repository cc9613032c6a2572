"""When a mail that could not be handed over is tried again."""

from datetime import datetime, timedelta

_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(hours=4)
_GIVE_UP_AFTER = timedelta(days=2)


def retry_at(queued_at: datetime, attempts: int, now: datetime, chance: float) -> datetime | None:
    """The moment of the next attempt after ``attempts`` failed ones, or None: two days are enough.

    The pause doubles from 5 seconds up to 4 hours; ``chance`` (0…1) picks a moment in its second half, so that mails
    which failed together do not come back together. Times are aware UTC.
    """
    if now - queued_at >= _GIVE_UP_AFTER:
        return None
    pause = min(_FIRST_PAUSE * (1 << min(attempts - 1, 20)), _LONGEST_PAUSE)
    return now + pause * (0.5 + chance / 2)
