"""What should this calendar hold, what does it hold: send the difference."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Row, bindparam, delete, insert, update

from services.notifications import tables
from services.notifications.actions.queue_mail import Enclosed, Mail, queue_mail
from services.notifications.queries.facts import read_holding, written
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.desired import Holding, desired, news
from services.notifications.rules.sequence import Answer, Send, Told, difference, said_yes, said_yes_on_page
from shared.db.transaction import Transaction, insert_into, new_id
from shared.events.catalog import Meeting
from shared.events.registration import Registration

_invitation, _outgoing = tables.invitation, tables.outgoing_mail
_LIVE = (
    update(_invitation)
    .where(
        _invitation.c.meeting_id == bindparam("meeting"),
        _invitation.c.address == bindparam("owner"),
        _invitation.c.state == tables.LIVE,
    )
    .values(registration_id=bindparam("attached"))
    .returning(_invitation)
)
_UNSENT = (
    delete(_outgoing)
    .where(
        _outgoing.c.invitation_id == bindparam("invitation"),
        _outgoing.c.status.in_(["waiting", "failed"]),
        _outgoing.c.attempts == 0,
    )
    .returning(_outgoing.c.about)
)

_MINTED = insert(_invitation).returning(_invitation)


@cache  # made once for each database, like the others
def _attaching(insertion: Any) -> Any:
    """Inserts an invitation; where one is live for this address already, that one is attached to the registration."""
    return insertion.on_conflict_do_update(
        index_elements=["meeting_id", "address"],
        index_where=_invitation.c.state == tables.LIVE,
        set_={"registration_id": insertion.excluded.registration_id},
    ).returning(_invitation)


Aligned = Literal["queued", "answered", "nothing"]
"""What came of it: a mail was queued; the calendar holds it because the person said yes there; there is nothing to do.
"""


def align_invitation(
    tx: Transaction, ours: OurAddresses, meeting: Meeting, registration: Registration, why: str = ""
) -> Aligned:
    """Bring this person's calendar in line with the facts; ``why`` is the organiser's word on a change of the meeting.

    What no attempt was made with yet is written anew, if it is still to be said (rule 9), with every word on it that
    was not told yet. The registration's row is locked already.
    """
    wanted = desired(meeting, registration)
    fresh = _fresh(tx, ours, meeting.id, _owner(registration), registration_id=registration.id)
    invitation = _live(tx, registration) if wanted is None else _attached(tx, fresh)
    if invitation is None:
        return "nothing"
    unsaid = forget_unsent(tx, invitation.id) if invitation.id != fresh["id"] else []
    words = [*unsaid, *([why] if why else [])]
    told = told_to(invitation)
    answer = answer_of(invitation)
    if told and said_yes_on_page(told, registration, answer):
        answer = _hear_yes(tx, invitation)
    send = difference(told, wanted, answer)
    if wanted is None:
        end_invitation(tx, invitation.id, send)
    if send is None:
        is_answered = told and wanted and said_yes(told, answer)
        return "answered" if is_answered else "nothing"
    mail = _mail(meeting, registration, invitation, send, words)
    stamp = next_stamp(invitation, tx.now)
    queue_mail(tx, ours, mail, Enclosed(invitation.id, invitation.token, send, stamp))
    return "queued"


def _live(tx: Transaction, registration: Registration) -> Row[Any] | None:
    """The live invitation of this address to this meeting, locked, and this registration attached to it (rule 7)."""
    theirs = {"meeting": registration.meeting_id, "owner": _owner(registration), "attached": registration.id}
    return tx.session.execute(_LIVE, theirs).one_or_none()


def _attached(tx: Transaction, fresh: Mapping[str, Any]) -> Row[Any]:
    """The same, and where there is none the ``fresh`` one."""
    return tx.session.execute(_attaching(insert_into(tx.session, _invitation)), fresh).one()


def mint(tx: Transaction, ours: OurAddresses, meeting_id: str, address: str, **whose: Any) -> Row[Any]:
    """A fresh invitation, with its UID, its token and the address that answers come back to: all for its whole life.

    ``address`` is the key of whose calendar it is; ``whose`` sets the columns that say to what it belongs.
    """
    return tx.session.execute(_MINTED, _fresh(tx, ours, meeting_id, address, **whose)).one()


def _fresh(tx: Transaction, ours: OurAddresses, meeting_id: str, address: str, **whose: Any) -> dict[str, Any]:
    invitation_id, token = new_id(), ours.new_token(secrets.token_bytes(10))
    return {
        "id": invitation_id,
        "uid": ours.uid(invitation_id),
        "meeting_id": meeting_id,
        "address": address,
        "token": token,
        "organizer": ours.reply_to(token),
        "state": "live",
        "made_at": tx.now,
        **whose,
    }


def _owner(registration: Registration) -> str:
    """Whose invitation it is: the address, with ``#2`` and on for those who share somebody else's mailbox."""
    key = address_key(registration.person.email or "")
    return key if registration.companion == 1 else f"{key}#{registration.companion}"


def told_to(invitation: Row[Any]) -> Told | None:
    """What may stand in its calendar."""
    if invitation.told_holding is None:
        return None
    return Told(invitation.told_sequence, read_holding(invitation.told_holding), invitation.asked_anew)


def answer_of(invitation: Row[Any]) -> Answer | None:
    """What its calendar last answered, or a button of ours."""
    if invitation.answer is None:
        return None
    return Answer(invitation.answer, invitation.answer_sequence, invitation.answer_by or "calendar")


def _hear_yes(tx: Transaction, invitation: Row[Any]) -> Answer:
    """A button on our pages is an answer like one from the calendar."""
    answer = Answer("accepted", invitation.told_sequence, "page")
    mine = tables.invitation.c.id == invitation.id
    heard = {"answer": answer.choice, "answer_sequence": answer.sequence, "answer_by": answer.by}
    tx.session.execute(update(tables.invitation).where(mine).values(heard))
    return answer


def forget_unsent(tx: Transaction, invitation_id: str) -> list[str]:
    """Take the mail of this invitation out that no attempt was made with; whatever was attempted may have arrived.

    Gives why the meeting changed, in the words that were to stand in it.
    """
    forgotten = tx.session.scalars(_UNSENT, {"invitation": invitation_id})
    return [word for about in forgotten for word in about.get("whys", ())]


def send_difference(
    tx: Transaction, ours: OurAddresses, invitation: Row[Any], wanted: Holding | None, mail: Callable[[Send], Mail]
) -> None:
    """Send the calendar of somebody who is not signed up what it lacks, in the ``mail`` around it; end it with None.

    The invitation must be locked and live.
    """
    send = difference(told_to(invitation), wanted, answer_of(invitation))
    if wanted is None:
        end_invitation(tx, invitation.id, send)
    if send:
        stamp = next_stamp(invitation, tx.now)
        queue_mail(tx, ours, mail(send), Enclosed(invitation.id, invitation.token, send, stamp))


def end_invitation(tx: Transaction, invitation_id: str, send: Send | None) -> None:
    """Nothing should stand in its calendar any more: ``send`` takes it out, or nothing is there to be taken out."""
    invitation, state = tables.invitation, "cancelled" if send else "dead"
    tx.session.execute(update(invitation).where(invitation.c.id == invitation_id).values(state=state))


def _mail(meeting: Meeting, registration: Registration, invitation: Row[Any], send: Send, whys: Sequence[str]) -> Mail:
    person = registration.person
    return Mail(
        key=f"invitation/{invitation.id}/{send.sequence}",
        kind=_kind(meeting, registration, told_to(invitation), send),
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=meeting.id,
        registration_id=registration.id,
        about={
            "cause": registration.cause,
            "before": before_of(invitation, send),
            "whys": list(dict.fromkeys(whys)),
            "in_series": registration.in_series,
            "post": registration.series_post,
        },
    )


def _kind(meeting: Meeting, registration: Registration, told: Told | None, send: Send) -> str:
    """The mail that goes around the object: of a CANCEL the news that caused it."""
    if send.method == "CANCEL":
        return news(meeting, registration) or "cancelled"
    if send.holding.offer_until:
        return "offered"
    return "changed" if told and told.holding.is_certain else "invitation"


def before_of(invitation: Row[Any], send: Send) -> dict[str, Any] | None:
    """What the calendar held until now, for a mail that shows old and new."""
    told = told_to(invitation)
    return written(told.holding) if told and send.method == "REQUEST" else None


def next_stamp(invitation: Row[Any], now: datetime) -> datetime:
    """DTSTAMP: now, but later than the last one of this UID (rule 3); calendars count in seconds."""
    at = now.replace(microsecond=0)
    return max(at, invitation.told_at + timedelta(seconds=1)) if invitation.told_at else at
