"""What registration erases when its time is over: who came to a meeting, and what is left of who did not.

How many came, of which target group and organisation, stays.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.registration.actions.answer_spar import FORGET_SPARRING
from services.registration.actions.erase_person import NOBODY
from services.registration.actions.forget_needs import FORGET_NEEDS, FORGET_PHONES
from services.registration.actions.issuer_sign_in import FORGET_ISSUER_PERSON
from services.registration.actions.person_sign_in import END_PERSON_SESSION, FORGET_PERSON_LINK
from services.registration.queries.retention import KeptUntil, past_meetings
from services.registration.rules.standing import HOLDS_SEAT
from services.registration.tables import (
    brought_question,
    export,
    export_part,
    flow,
    history,
    idempotency,
    list_delivery,
    message,
    my_data_link,
    network_block,
    network_hiding,
    network_report,
    profile,
    registration,
    transfer,
)
from services.registration.tables.foundation import MEETING_KEEP, SIGN_UP_KEEP
from services.registration.tables.network import BLOCK_KEEP, HIDDEN_KEEP, REPORT_KEEP
from shared.db.retention import (
    Past,
    Planned,
    Term,
    cleanse_journal,
    emptied,
    in_parts,
    older_than,
    removed,
    terms_of_all,
)
from shared.db.transaction import Transaction
from shared.periods import Periods

_SIGNED_UP = tuple(
    f"registration.{name}"
    for name in ("address_key", "email", "name", "organisation", "answers", "note", "override_reason")
)
_IS_SOMEBODY = or_(registration.c.name != "", registration.c.address_key.is_not(None))
_HAD_A_SEAT = registration.c.status.in_([*HOLDS_SEAT, "cancelled"])
_TAKES_PART = select(profile.c.id).where(profile.c.address_key == network_block.c.blocked_key).exists()
_OF_TRANSFER = (
    select(registration.c.meeting_id).where(registration.c.id == transfer.c.registration_id).scalar_subquery()
)


def _past(of: Any, holds: ColumnElement[bool], until: KeptUntil) -> Past:
    """The rows that hold something, of meetings that are over for so long; ``of`` gives the id of a row's meeting."""

    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        ids = past_meetings(session, of, holds, until, now)
        return [of.in_(some) & holds for some in in_parts(ids)]

    return past


def _of_old_exports(period: timedelta) -> Past:
    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        del session
        old = select(export.c.id).where(export.c.requested_at < now - period)
        return [export_part.c.export_id.in_(old)]

    return past


def _take_people_out(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    """Out of the registrations and of what was told of them: whoever lost a copy is not told again who it was."""
    outbox, theirs = tx.flow.outbox, select(registration.c.id).where(chosen)
    cleanse_journal(tx, (outbox.c.aggregate == "registration") & outbox.c.aggregate_id.in_(theirs))
    return emptied(registration, **NOBODY)(tx, chosen)


def terms(periods: Periods) -> Sequence[Term]:
    """What is erased when, for what the installation sets."""
    one_day = periods.of("one day")

    def people(ends_at: datetime, days: int | None) -> datetime:
        return ends_at + timedelta(days=periods.attendees if days is None else days)

    def leftovers(ends_at: datetime, days: int | None) -> datetime:
        return min(people(ends_at, days), ends_at + timedelta(days=periods.leftovers))

    return (
        Term(
            columns=_SIGNED_UP,
            keep=SIGN_UP_KEEP,
            table=registration,
            since=registration.c.asked_at,
            past=_past(registration.c.meeting_id, _IS_SOMEBODY & ~_HAD_A_SEAT, leftovers),
            erase=_take_people_out,
        ),
        Term(
            columns=_SIGNED_UP,
            keep=SIGN_UP_KEEP,
            table=registration,
            since=registration.c.asked_at,
            past=_past(registration.c.meeting_id, _IS_SOMEBODY & _HAD_A_SEAT, people),
            erase=_take_people_out,
        ),
        Term(
            columns=("transfer.name", "transfer.email", "transfer.address_key", "transfer.organisation"),
            keep=MEETING_KEEP,
            table=transfer,
            since=transfer.c.proposed_at,
            past=_past(_OF_TRANSFER, transfer.c.name != "", people),
            erase=removed(transfer),
        ),
        Term(
            columns=("history.reason",),
            keep=MEETING_KEEP,
            table=history,
            since=history.c.at,
            past=_past(history.c.meeting_id, history.c.reason != "", people),
            erase=emptied(history, reason=""),
        ),
        Term(
            columns=("idempotency.answer",),
            keep=MEETING_KEEP,
            table=idempotency,
            since=idempotency.c.created_at,
            past=_past(idempotency.c.meeting_id, idempotency.c.key != "", people),
            erase=removed(idempotency),
        ),
        Term(
            columns=("brought_question.text",),
            keep=MEETING_KEEP,
            table=brought_question,
            since=brought_question.c.brought_at,
            past=_past(brought_question.c.meeting_id, brought_question.c.text != "", people),
            erase=removed(brought_question),
        ),
        Term(
            columns=("list_delivery.email",),
            keep=MEETING_KEEP,
            table=list_delivery,
            since=list_delivery.c.moment,
            past=_past(list_delivery.c.meeting_id, list_delivery.c.email != list_delivery.c.id, people),
            erase=emptied(list_delivery, email=list_delivery.c.id),
        ),
        Term(
            columns=("message.subject", "message.text"),
            keep=MEETING_KEEP,
            table=message,
            since=message.c.written_at,
            past=_past(message.c.meeting_id, message.c.text != "", people),
            erase=emptied(message, subject="", text=""),
        ),
        Term(
            columns=("my_data_link.email",),
            keep="one day",
            table=my_data_link,
            since=my_data_link.c.valid_until,
            past=older_than(my_data_link.c.valid_until, one_day),
            erase=removed(my_data_link),
        ),
        Term(
            columns=("export_part.content",),
            keep="one day",
            table=export_part,
            past=_of_old_exports(one_day),
            erase=removed(export_part),
        ),
        Term(
            columns=("network_block.blocked_key", "network_block.name"),
            keep=BLOCK_KEEP,
            table=network_block,
            since=network_block.c.blocked_at,
            past=older_than(network_block.c.blocked_at, periods.of(BLOCK_KEEP), ~_TAKES_PART),
            erase=removed(network_block),
        ),
        Term(
            columns=("network_report.text", "network_report.reason"),
            keep=REPORT_KEEP,
            table=network_report,
            since=network_report.c.decided_at,
            past=older_than(network_report.c.decided_at, periods.of(REPORT_KEEP)),
            erase=removed(network_report),
        ),
        Term(
            columns=("network_hiding.address_key", "network_hiding.reason"),
            keep=HIDDEN_KEEP,
            table=network_hiding,
            since=network_hiding.c.hidden_at,
            past=older_than(network_hiding.c.hidden_at, periods.of(HIDDEN_KEEP)),
            erase=removed(network_hiding),
        ),
        *terms_of_all(flow, periods),
    )


PLANNED: Final[Sequence[Planned]] = (
    Planned(columns=("registration.phone",), kind=FORGET_PHONES),
    Planned(columns=("registration.needs",), kind=FORGET_NEEDS),
    Planned(columns=("person_link.address_key",), kind=FORGET_PERSON_LINK),
    Planned(columns=("person_session.address_key",), kind=END_PERSON_SESSION),
    Planned(columns=("issuer_person.subject", "issuer_person.known_as"), kind=FORGET_ISSUER_PERSON),
    Planned(columns=("sparring.words", "sparring.place"), kind=FORGET_SPARRING),
)
"""What other due work erases."""
