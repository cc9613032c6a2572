"""The doors of registration in a simulated life: what people do there, in transactions as pages and API open them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from services.registration.actions.answer_offer import accept_offer, decline_offer
from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.move_up import move_up
from services.registration.actions.set_standing import Act
from services.registration.actions.sign_up import sign_up_everywhere
from services.registration.gate import SeatGate, SeatLock
from services.registration.rules.sign_ups import Answered, Outcome, SignUp
from shared.db.transaction import Database, Transaction

ACT = Act(name="act", cause="participant", by="participant")
BY_HAND = Act(name="act", cause="organiser", by="somebody", reason="because")

ACTS: dict[str, Callable[[Transaction, str], object]] = {
    "leave": lambda tx, registration_id: cancel_registration(tx, registration_id, ACT),
    "accept": lambda tx, registration_id: accept_offer(tx, registration_id, ACT),
    "decline": lambda tx, registration_id: decline_offer(tx, registration_id, ACT),
    "move up": lambda tx, registration_id: move_up(tx, registration_id, BY_HAND),
}


class Desk:
    """One web process. ``told`` hears who was answered: the meeting, what was asked, and the answer.

    Between a commit and its answer the process may die (``perhaps_die``).
    """

    def __init__(
        self,
        database: Database,
        lock: SeatLock,
        told: Callable[[str, SignUp, Outcome], None],
        perhaps_die: Callable[[], None],
        meanwhile: Callable[[], None],
    ) -> None:
        self.database = database
        self.lock = lock
        self.told = told
        self.perhaps_die = perhaps_die
        self.meanwhile = meanwhile
        self.gate = SeatGate(database, lock, after_commit=perhaps_die)

    def sign_up(self, meeting_id: str, request: SignUp) -> Outcome:
        """Sign one person up."""
        outcome = self.gate.sign_up(meeting_id, request)
        self.answer(meeting_id, request, outcome)
        return outcome

    def sign_up_together(self, asked: Mapping[str, Sequence[SignUp]]) -> Counter[str]:
        """Sign up all who ask at the same moment, for whichever meetings, as the gate lets them share a transaction.

        Gives how many were answered how.
        """
        with self.database.begin() as tx:
            self.lock.hold(tx, sorted(asked))
            told = sign_up_everywhere(tx, asked)
        self.perhaps_die()
        answers: Counter[str] = Counter()
        for meeting_id, outcomes in told.items():
            for request, outcome in zip(asked[meeting_id], outcomes, strict=True):
                self.answer(meeting_id, request, outcome)
                answers[outcome.status if isinstance(outcome, Answered) else str(outcome)] += 1
        return answers

    def act(self, name: str, registration_id: str) -> object:
        """One of ``ACTS`` on a registration."""
        with self.database.begin() as tx:
            return ACTS[name](tx, registration_id)

    def answer(self, meeting_id: str, request: SignUp, outcome: Outcome) -> None:
        """Tell the person."""
        self.told(meeting_id, request, outcome)
