"""Where every mail that comes in is handed over, whichever way it came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from services.notifications.actions.receive_mail import receive_mail
from services.notifications.post.arrivals.parse import parsed, recipients_in
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.outcomes import Filed
from services.notifications.rules.replies import Incoming
from shared.correlation import correlated
from shared.db.transaction import Database
from shared.faults import whereabouts
from shared.tracing.spans import at_door

_MOST_ADDRESSES = 10

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """Takes mail in for one installation; ``authserv_id`` names the mail server whose verdicts on senders count."""

    database: Database
    ours: OurAddresses
    authserv_id: str

    def take(self, source: bytes, recipient: str) -> Filed | None:
        """File one mail in a transaction of its own; gives where, None for one that came before.

        Raises what the database raises: then the mail is still the sender's, and comes again.
        """
        mail = parsed(source, recipient, self.authserv_id)
        with correlated(), at_door("notifications", "mail in"):
            return self._filed(mail)

    def _filed(self, mail: Incoming) -> Filed | None:
        with self.database.begin() as tx:
            filed = receive_mail(tx, self.ours, mail)
        if filed:
            _log.info("a mail came in", outcome=filed.outcome, why=filed.why)
        return filed

    def take_without_envelope(self, source: bytes) -> list[Filed]:
        """The same for a mail that does not say what its envelope said: for each address of ours in its head.

        One that names none of them is filed under the first it names.
        """
        named = recipients_in(source)
        ours = [address for address in named if self.ours.leads_to_us(address)] or [*named, ""][:1]
        return [filed for address in ours[:_MOST_ADDRESSES] if (filed := self.take(source, address))]


def one_by_one(takings: Iterable[Callable[[], object]]) -> int:
    """Do each; one that fails holds up no other. Gives how many succeeded; raises where none did and one failed."""
    done, failed = 0, None
    for take in takings:
        try:
            take()
        except Exception as error:  # noqa: BLE001  # one mail that cannot be stored, or all of them
            _log.warning("a mail could not be taken in", error=whereabouts(error))
            failed = error
        else:
            done += 1
    if failed and not done:
        raise failed
    return done
