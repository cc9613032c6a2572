"""An organiser has something to say to those of a meeting who fit a choice; notifications mails it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.registration.actions.settle import lock_meeting
from services.registration.queries.meetings import meeting_by
from services.registration.queries.messages import message_by
from services.registration.queries.registrations import recipients
from services.registration.rules.decision import Refused
from services.registration.rules.messages import is_on_the_day
from services.registration.tables import message
from shared.db.audit import note
from shared.db.transaction import Transaction
from shared.events.registration import MessageWritten

LARGEST_PART = 300
"""How many registrations one event names at most."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """To whom: of these statuses, and of these target groups and regions only, if any are given."""

    statuses: Sequence[str]
    target_groups: Sequence[str] = ()
    regions: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is said. ``id`` is made with the form, so that the same form sent twice is one message."""

    id: str
    subject: str
    text: str
    to: Segment
    urgent: bool = False


def write_message(tx: Transaction, meeting_id: str, written: Message, by: str) -> int | Refused:
    """Keep the message and let it be mailed; gives to how many. The same id twice changes nothing.

    An urgent one stands on the pages until the end of the meeting. Refused where nobody fits, and for an urgent one on
    another day than the meeting's. Raises ``LookupError`` for an unknown meeting.
    """
    lock_meeting(tx, meeting_id)
    meeting = meeting_by(tx.session, meeting_id)
    if meeting is None:
        raise LookupError(f"no meeting {meeting_id}")
    before = message_by(tx.session, written.id)
    if before is not None:
        return int(before.recipients)
    if written.urgent and not is_on_the_day(meeting.starts_at, meeting.ends_at, meeting.time_zone, tx.now):
        return Refused("not-today")
    to = written.to
    people = recipients(tx.session, meeting_id, statuses=to.statuses, groups=to.target_groups, regions=to.regions)
    if not people:
        return Refused("nobody")
    row = {
        "id": written.id,
        "meeting_id": meeting_id,
        "by": by,
        "subject": written.subject,
        "text": written.text,
        "segment": {"statuses": [*to.statuses], "targetGroups": [*to.target_groups], "regions": [*to.regions]},
        "recipients": len(people),
        "urgent": written.urgent,
        "shown_until": meeting.ends_at if written.urgent else None,
        "written_at": tx.now,
    }
    tx.session.execute(message.insert(), row)
    facts = {"people": len(people), "urgent": written.urgent}
    note(tx, "message.written", by=by, thing=written.id, meeting_id=meeting_id, facts=facts)
    _tell(tx, row, [person.id for person in people])
    return len(people)


def _tell(tx: Transaction, row: Mapping[str, Any], registration_ids: Sequence[str]) -> None:
    starts = range(0, len(registration_ids), LARGEST_PART)
    for part, start in enumerate(starts, start=1):
        tx.publish(
            MessageWritten(
                id=row["id"],
                meeting_id=row["meeting_id"],
                subject=row["subject"],
                text=row["text"],
                urgent=row["urgent"],
                shown_until=row["shown_until"],
                registration_ids=tuple(registration_ids[start : start + LARGEST_PART]),
                part=part,
                parts=len(starts),
            )
        )
