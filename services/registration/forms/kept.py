"""What all who come at the same moment need to know alike, looked up once and not for each of them.

At most a second old, and in the process that hears the news not older than that: enough to say beside a field what does
not fit. Whether there is a seat, and for whom, the gate decides on what is true under the meeting's lock.
"""

from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache

from services.registration.forms.sign_up import SignUpForm
from services.registration.queries.meetings import asking_of, meeting_by
from services.registration.queries.references import Workplace, workplace
from services.registration.rules.asking import Asking
from shared.db.transaction import Database

_SECONDS = 1.0
_MOST = 1_000


@dataclass(frozen=True)
class Asked:
    """What a meeting asks, and the form that reads the answers: making one takes as long as reading it."""

    asking: Asking
    form: SignUpForm


class Kept:
    """One process's memory of what meetings ask and of where people work."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = Lock()
        self._forms: TTLCache[str, Asked] = TTLCache(_MOST, _SECONDS)
        self._workplaces: TTLCache[tuple[str, str], Workplace] = TTLCache(_MOST, _SECONDS)

    def asked(self, meeting_id: str) -> Asked | None:
        """What a published meeting asks; None for an unknown one, or a draft."""
        with self._guard:
            found = self._forms.get(meeting_id)
        return found or self._look_up(meeting_id)

    def workplace(self, named: str, address_key: str) -> Workplace:
        """Where someone works: see ``queries.workplace``."""
        key = (named, "" if named else address_key.rpartition("@")[2])
        with self._guard:
            found = self._workplaces.get(key)
        if found is None:
            with self._database.reading() as session:
                found = workplace(session, named, address_key)
            with self._guard:
                self._workplaces[key] = found
        return found

    def forget(self) -> None:
        """Something of all this is news."""
        with self._guard:
            self._forms.clear()
            self._workplaces.clear()

    def _look_up(self, meeting_id: str) -> Asked | None:
        with self._database.reading() as session:
            row = meeting_by(session, meeting_id)
            if row is None or row.status == "draft":
                return None
            asking = asking_of(session, row)
        asked = Asked(asking, SignUpForm(asking))
        with self._guard:
            self._forms[meeting_id] = asked
        return asked
