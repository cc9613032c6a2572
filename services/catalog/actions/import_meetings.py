"""Entries of somebody else's calendar or spreadsheet become drafts, or change those that were made of them before."""

from collections import Counter
from collections.abc import Sequence

from services.catalog import queries, tables
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.draft_meeting import draft_meetings
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act
from services.catalog.rules.imports import Proposal, Taken
from shared.db.audit import note
from shared.db.transaction import Transaction


def import_meetings(
    tx: Transaction, proposals: Sequence[Proposal], owner: str, source: str, addresses: Addresses
) -> list[Taken]:
    """Do what ``proposals`` say, which were made in this transaction, and remember the entries as ``owner``'s.

    ``source`` is the address or the name of the calendar that they came from; empty where it has none.
    """
    to_make = [proposal for proposal in proposals if proposal.result == "made"]
    details = [proposal.details for proposal in to_make if proposal.details]
    made = dict(zip(map(id, to_make), draft_meetings(tx, details, owner, addresses), strict=True))
    taken = []
    for proposal in proposals:
        meeting_id = made[id(proposal)].id if proposal.result == "made" else proposal.meeting_id
        if proposal.result == "updated" and proposal.details and meeting_id:
            meeting = queries.lock_meeting(tx.session, meeting_id)
            if meeting:
                change_meeting(tx, meeting, proposal.details, Act("changed", owner), addresses)
        taken.append(Taken(proposal.candidate, proposal.result, proposal.why, meeting_id))
    _remember(tx, taken, owner, source)
    note(tx, "meetings.imported", by=owner, facts=Counter(each.result for each in taken))
    return taken


def _remember(tx: Transaction, taken: Sequence[Taken], owner: str, source: str) -> None:
    """What was left as it is stays remembered as it was, so that the next import says so again."""
    rows = [
        {
            "owner": owner,
            "uid": each.candidate.uid,
            "occurrence": each.candidate.occurrence,
            "source": source,
            "sequence": each.candidate.sequence,
            "document": each.candidate.document,
            "meeting_id": each.meeting_id,
        }
        for each in taken
        if each.result != "skipped"
    ]
    tx.upsert(tables.imported, rows)
