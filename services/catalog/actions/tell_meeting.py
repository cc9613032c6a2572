"""Tell the other services all about a meeting: facts, not differences."""

from dataclasses import fields

from services.catalog import queries
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction
from shared.events import catalog


def facts_of(tx: Transaction, meeting: Meeting, addresses: Addresses) -> catalog.Meeting:
    """The full public and organiser facts of a meeting that was published, labels included."""
    same = {each.name for each in fields(catalog.Meeting)} & {each.name for each in fields(Meeting)}
    values = {name: getattr(meeting, name) for name in same}
    return catalog.Meeting(**values | queries.words_of(tx.session, meeting), url=addresses.meeting(meeting.slug))
