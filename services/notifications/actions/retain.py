"""What notifications erases when its time is over: mail after a month, and whom it was about with the meeting.

That there was a mail, an invitation and an answer stays, without whose it was.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from services.notifications.actions.erase_brought import ERASE
from services.notifications.actions.follow_sparring import FORGET_SPARRING
from services.notifications.actions.subscribe import FORGET
from services.notifications.queries.retention import past_meetings
from services.notifications.tables import (
    alias,
    bounced_address,
    flow,
    incoming_mail,
    invitation,
    message,
    outgoing_mail,
    registration,
)
from services.notifications.tables.foundation import MAIL_KEPT, MEETING_KEPT
from shared.db.due import Work
from shared.db.retention import Past, Planned, Term, emptied, in_parts, older_than, removed, retaining, terms_of_all
from shared.db.transaction import Transaction
from shared.events import CONTRACTS
from shared.events.cleansing import without_person
from shared.periods import Periods

_ON_ITS_WAY = ("waiting", "sending")
_OUTGOING = ("recipient", "recipient_name", "domain", "holding", "about", "subject", "source")
_IS_SOMEBODY = or_(registration.c.address.is_not(None), registration.c.facts["person"]["name"].as_string() != "")
_INCOMING = ("sender", "subject", "source", "claimed_by")


def _past(of: Any, holds: ColumnElement[bool], usual_days: int) -> Past:
    """The rows that hold something, of meetings that are over for so long; ``of`` gives the id of a row's meeting."""

    def past(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
        return [of.in_(some) & holds for some in in_parts(past_meetings(session, of, holds, usual_days, now))]

    return past


def _without_meetings(session: Session, now: datetime) -> Iterable[ColumnElement[bool]]:
    """The other addresses of those of whom nothing else is known any more."""
    del session, now
    signed_up = select(registration.c.id).where(registration.c.address == alias.c.owner)
    invited = select(invitation.c.id).where(invitation.c.address == alias.c.owner)
    return [~signed_up.exists() & ~invited.exists()]


def _empty_invitations(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    """One that a calendar still holds ends, without a word: its meeting was long ago."""
    tx.session.execute(update(invitation).where(chosen, invitation.c.state == "live").values(state="dead"))
    return emptied(invitation, address="", guest=None, told_holding=None)(tx, chosen)


def _empty_registrations(tx: Transaction, chosen: ColumnElement[bool]) -> int:
    contract = CONTRACTS["registration.changed"]
    rows = tx.session.execute(select(registration.c.id, registration.c.facts).where(chosen)).all()
    for row in rows:
        facts = without_person(contract, {"registration": row.facts})["registration"]
        nobody = {"address": None, "facts": facts}
        tx.session.execute(update(registration).where(registration.c.id == row.id).values(nobody))
    return len(rows)


def terms(periods: Periods) -> Sequence[Term]:
    """What is erased when, for what the installation sets."""
    mail = periods.of(MAIL_KEPT)

    def past(of: Any, holds: ColumnElement[bool]) -> Past:
        return _past(of, holds, periods.attendees)

    return (
        Term(
            columns=tuple(f"outgoing_mail.{name}" for name in _OUTGOING),
            keep=MAIL_KEPT,
            table=outgoing_mail,
            since=outgoing_mail.c.queued_at,
            past=older_than(
                outgoing_mail.c.queued_at,
                mail,
                outgoing_mail.c.status.not_in(_ON_ITS_WAY),
                outgoing_mail.c.recipient != "",
            ),
            erase=emptied(
                outgoing_mail,
                recipient="",
                recipient_name="",
                domain="",
                about={},
                **dict.fromkeys(("holding", "subject", "source")),
            ),
        ),
        Term(
            columns=tuple(f"incoming_mail.{name}" for name in _INCOMING),
            keep=MAIL_KEPT,
            table=incoming_mail,
            since=incoming_mail.c.received_at,
            past=older_than(incoming_mail.c.received_at, mail, incoming_mail.c.source != b""),
            erase=emptied(incoming_mail, sender="", subject="", source=b"", claimed_by=None),
        ),
        Term(
            columns=("bounced_address.address",),
            keep=MAIL_KEPT,
            table=bounced_address,
            since=bounced_address.c.since,
            past=older_than(bounced_address.c.since, mail),
            erase=removed(bounced_address),
        ),
        Term(
            columns=("invitation.guest", "invitation.address", "invitation.told_holding"),
            keep=MEETING_KEPT,
            table=invitation,
            since=invitation.c.made_at,
            past=past(invitation.c.meeting_id, invitation.c.address != ""),
            erase=_empty_invitations,
        ),
        Term(
            columns=("registration.address", "registration.facts"),
            keep=MEETING_KEPT,
            table=registration,
            since=registration.c.changed_at,
            past=past(registration.c.meeting_id, _IS_SOMEBODY),
            erase=_empty_registrations,
        ),
        Term(
            columns=("message.subject", "message.text"),
            keep=MEETING_KEPT,
            table=message,
            past=past(message.c.meeting_id, or_(message.c.subject != "", message.c.text != "")),
            erase=emptied(message, subject="", text=""),
        ),
        Term(
            columns=("alias.address", "alias.owner"),
            keep=MEETING_KEPT,
            table=alias,
            since=alias.c.confirmed_at,
            past=_without_meetings,
            erase=removed(alias),
        ),
        *terms_of_all(flow, periods),
    )


def retaining_mail(periods: Periods, shred_old: Callable[[datetime], object]) -> Work:
    """The due work that erases all that is past its term; ``shred_old`` removes mails that lie as files since before.

    Files are nothing that a database could take back: they go last, and a night in which that fails is made up for.
    """
    retain = retaining(terms(periods))

    def retain_mail(tx: Transaction, subject: str) -> None:
        retain(tx, subject)
        shred_old(tx.now - periods.of(MAIL_KEPT))

    return retain_mail


PLANNED: Final[Sequence[Planned]] = (
    Planned(columns=("guest.brought",), kind=ERASE),
    Planned(columns=("subscription.asked",), kind=FORGET),
    Planned(columns=("sparring.facts",), kind=FORGET_SPARRING),
)
"""What other due work erases."""
