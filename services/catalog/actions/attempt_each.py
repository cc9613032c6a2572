"""The same is done to several meetings: those that allow it, and for the others it is said why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction


@dataclass(frozen=True)
class Outcome:
    """What became of one meeting, as it is now; a refused one has ``flaws`` that say why."""

    meeting: Meeting
    result: Literal["done", "unchanged", "refused"]
    flaws: tuple[Flaw, ...] = ()


def attempt_each(tx: Transaction, meetings: Iterable[Meeting], verb: Callable[[Meeting], Meeting]) -> list[Outcome]:
    """Do ``verb`` to each of ``meetings``, read under their locks; what one refuses leaves the others alone."""
    return [_attempt(tx, meeting, verb) for meeting in meetings]


def _attempt(tx: Transaction, meeting: Meeting, verb: Callable[[Meeting], Meeting]) -> Outcome:
    try:
        with tx.attempt():
            after = verb(meeting)
    except FlawedError as error:
        return Outcome(meeting, "refused", error.flaws)
    except ConflictError as error:
        return Outcome(meeting, "refused", (Flaw("", error.code, error.reason),))
    return Outcome(after, "unchanged" if after.version == meeting.version else "done")
