"""Where every mail that comes in is handed over, whichever way it came."""

from dataclasses import dataclass

import structlog

from services.notifications.actions.receive_mail import receive_mail
from services.notifications.post.arrivals.parse import LARGEST_MAIL, parsed
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.outcomes import Filed
from shared.correlation import correlated
from shared.db.transaction import Database

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
        if len(source) > LARGEST_MAIL:
            return Filed("refused", "too-large")
        mail = parsed(source, recipient, self.authserv_id)
        with self.database.begin() as tx, correlated():
            filed = receive_mail(tx, self.ours, mail)
        if filed:
            _log.info("a mail came in", outcome=filed.outcome, why=filed.why)
        return filed
