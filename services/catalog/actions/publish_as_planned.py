"""The moment has come at which a draft was to become public."""

import structlog

from services.catalog import queries
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.history import SYSTEM
from services.catalog.rules.publication import was_due
from shared.db.transaction import Transaction

_log = structlog.get_logger(__name__)


def publish_as_planned(tx: Transaction, meeting_id: str, addresses: Addresses) -> None:
    """Due work. A draft that cannot be published stays one, and its page says why; one planned anew is left alone."""
    meeting = queries.lock_meeting(tx.session, meeting_id)
    if meeting is None or not was_due(meeting, tx.now):
        return
    try:
        publish_meeting(tx, meeting, SYSTEM, addresses)
    except FlawedError as error:
        _log.info("not published as planned", meeting=meeting_id, flaws=[flaw.code for flaw in error.flaws])
