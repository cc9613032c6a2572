"""The seat gate: who waits at the same moment shares a transaction.

The lock on a hot meeting's row and the flush of the commit are what a stampede waits for; both can be shared, and so
can each statement, also by those who want seats of different meetings. The first who comes leads: opens the
transaction, locks once, takes all that wait by then, lets the rule decide in order of arrival and commits. Whoever
came meanwhile is led by the first of them. A single request is a batch of one, by the same code.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy.exc import DataError

from services.registration.actions.settle import lock_meetings
from services.registration.actions.sign_up import sign_up_everywhere
from services.registration.actions.tell_series import tell_series
from services.registration.rules.sign_ups import Outcome, SignUp
from shared.correlation import correlation
from shared.db.transaction import Database, Transaction, new_id

LARGEST_BATCH = 200
"""How many requests share a transaction at most."""


@dataclass(frozen=True)
class SeatLock:
    """How meetings are held while their seats are given out.

    ``hold(tx, meeting_ids)`` locks their rows; ``begins`` is what SQLite opens the writing transaction with. A value,
    so that a test can show what happens without it.
    """

    hold: Callable[[Transaction, Collection[str]], None] = lock_meetings
    begins: str = "IMMEDIATE"


@dataclass(eq=False)
class _Ticket:
    """One request in the gate; ``called`` when it is answered, failed, or has to lead the next batch."""

    meeting_id: str
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
        self._line: deque[_Ticket] = deque()
        self._is_led = False

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        """Sign one person up, together with whoever asks at the same moment. Raises what the database raises."""
        ticket = _Ticket(meeting_id, replace(request, correlation_id=correlation()))
        with self._guard:
            self._line.append(ticket)
            leads, self._is_led = not self._is_led, True
        if not leads:
            ticket.called.wait()
        if ticket.outcome is None and ticket.error is None:
            self._lead()
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

    def _lead(self) -> None:
        """Serve those who wait, up to a full batch, and let the next one in line lead the rest."""
        batch = self._serve(self._line)
        with self._guard:
            following = self._line[0] if self._line else None
            self._is_led = following is not None
        for ticket in batch:
            ticket.called.set()
        if following is not None:
            following.called.set()

    def _serve(self, line: deque[_Ticket]) -> Sequence[_Ticket]:
        """Give those in line their outcome or their error; a value that the database refuses is that one's error alone.

        They are taken from the line when their meetings are held: whoever came while another process held one is among
        them.
        """
        batch: Sequence[_Ticket] = ()
        try:
            with self._database.begin() as tx:
                wanted = self._wanted(line)
                self._lock.hold(tx, wanted)
                batch = self._taken(line, wanted)
                outcomes = _sign_up(tx, batch)
            self._after_commit()
            self._served(len(batch))
        except BaseException as error:  # noqa: BLE001  # everyone in the batch has to hear of it, each in their own thread
            batch = batch or self._taken(line, self._wanted(line))
            if isinstance(error, DataError | ValueError) and len(batch) > 1:
                for ticket in batch:
                    self._serve(deque([ticket]))
            else:
                for ticket in batch:
                    ticket.error = error
        else:
            for ticket, outcome in zip(batch, outcomes, strict=True):
                ticket.outcome = outcome
        return batch

    def _wanted(self, line: deque[_Ticket]) -> Collection[str]:
        """The meetings that the first in line ask for."""
        with self._guard:
            return {ticket.meeting_id for ticket in islice(line, LARGEST_BATCH)}

    def _taken(self, line: deque[_Ticket], meeting_ids: Collection[str]) -> Sequence[_Ticket]:
        """The first in line who ask for these meetings; they leave the line, where others stay in their order."""
        with self._guard:
            first = [ticket for ticket in line if ticket.meeting_id in meeting_ids][:LARGEST_BATCH]
            gone = set(first)
            others = [ticket for ticket in line if ticket not in gone]
            line.clear()
            line.extend(others)
        return first


def _sign_up(tx: Transaction, batch: Sequence[_Ticket]) -> Sequence[Outcome]:
    """The outcome of each, in their order."""
    asked: defaultdict[str, list[SignUp]] = defaultdict(list)
    for ticket in batch:
        asked[ticket.meeting_id].append(ticket.request)
    outcomes = {meeting_id: iter(told) for meeting_id, told in sign_up_everywhere(tx, asked).items()}
    return [next(outcomes[ticket.meeting_id]) for ticket in batch]
