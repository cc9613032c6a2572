"""The seat gate: who waits for one meeting at the same moment shares a transaction.

The lock on a hot meeting's row and the flush of the commit are what a stampede waits for; both can be shared. The first
who comes leads: opens the transaction, locks once, takes all that wait by then, lets ``sign_up`` decide in order of
arrival and commits. Whoever came meanwhile is led by the first of them. A single request is a batch of one, by the same
code.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import DataError

from services.registration.actions.settle import lock_meeting
from services.registration.actions.sign_up import sign_up
from services.registration.actions.tell_series import tell_series
from services.registration.rules.sign_ups import Outcome, SignUp
from shared.correlation import correlation
from shared.db.transaction import Database, Transaction, new_id

LARGEST_BATCH = 200
"""How many requests share a transaction at most."""


@dataclass(frozen=True)
class SeatLock:
    """How the meeting is held while its seats are given out.

    ``hold(tx, meeting_id)`` locks its row; ``begins`` is what SQLite opens the writing transaction with. A value, so
    that a test can show what happens without it.
    """

    hold: Callable[[Transaction, str], None] = lock_meeting
    begins: str = "IMMEDIATE"


@dataclass(eq=False)
class _Ticket:
    """One request in the gate; ``called`` when it is answered, failed, or has to lead the next batch."""

    request: SignUp
    called: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome | None = None
    error: BaseException | None = None


class SeatGate:
    """One process's way in to the seats of all meetings.

    ``after_commit`` is called between a batch's commit and its answers, so that a test can crash there; ``served`` is
    told how many shared the transaction.
    """

    def __init__(
        self,
        database: Database,
        lock: SeatLock,
        *,
        after_commit: Callable[[], None] = lambda: None,
        served: Callable[[int], object] = lambda _size: None,
    ) -> None:
        self._database = database
        self._lock = lock
        self._after_commit = after_commit
        self._served = served
        self._guard = threading.Lock()
        self._lines: dict[str, deque[_Ticket]] = {}

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        """Sign one person up, together with whoever asks at the same moment. Raises what the database raises."""
        ticket = _Ticket(replace(request, correlation_id=correlation()))
        with self._guard:
            leads = meeting_id not in self._lines
            self._lines.setdefault(meeting_id, deque()).append(ticket)
        if not leads:
            ticket.called.wait()
        if ticket.outcome is None and ticket.error is None:
            self._lead(meeting_id)
        if ticket.outcome is None:
            raise ticket.error or RuntimeError("a request left the gate without an answer")
        return ticket.outcome

    def sign_up_for_all(self, series: str, asked: Sequence[tuple[str, SignUp]]) -> list[Outcome]:
        """Sign one person up for each of these meetings of a series, and let it be told in one; an outcome for each."""
        post = new_id() if len(asked) > 1 else None
        together = [(meeting_id, replace(request, series_post=post)) for meeting_id, request in asked]
        outcomes = [self.sign_up(meeting_id, request) for meeting_id, request in together]
        if len(together) > 1:
            with self._database.begin() as tx:
                tell_series(tx, series, together)
        return outcomes

    def _lead(self, meeting_id: str) -> None:
        """Serve those who wait, up to a full batch, and let the next one in line lead the rest."""
        line = self._lines[meeting_id]
        batch = self._serve(meeting_id, line)
        with self._guard:
            following = line[0] if line else None
            if following is None:
                del self._lines[meeting_id]
        for ticket in batch:
            ticket.called.set()
        if following is not None:
            following.called.set()

    def _serve(self, meeting_id: str, line: deque[_Ticket]) -> Sequence[_Ticket]:
        """Give those in line their outcome or their error; a value that the database refuses is that one's error alone.

        They are taken from the line when the meeting is held: whoever came while another process held it is among them.
        """
        batch: Sequence[_Ticket] = ()
        try:
            with self._database.begin() as tx:
                self._lock.hold(tx, meeting_id)
                batch = self._first(line)
                outcomes = sign_up(tx, meeting_id, [ticket.request for ticket in batch])
            self._after_commit()
            self._served(len(batch))
        except BaseException as error:  # noqa: BLE001  # everyone in the batch has to hear of it, each in their own thread
            batch = batch or self._first(line)
            if isinstance(error, DataError | ValueError) and len(batch) > 1:
                for ticket in batch:
                    self._serve(meeting_id, deque([ticket]))
            else:
                for ticket in batch:
                    ticket.error = error
        else:
            for ticket, outcome in zip(batch, outcomes, strict=True):
                ticket.outcome = outcome
        return batch

    def _first(self, line: deque[_Ticket]) -> Sequence[_Ticket]:
        with self._guard:
            return [line.popleft() for _ in range(min(len(line), LARGEST_BATCH))]
