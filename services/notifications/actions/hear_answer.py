"""Someone answers an invitation, in their calendar or with a button of ours: keep it, and tell registration."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from services.notifications import tables
from services.notifications.queries.facts import read_guest
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.replies import Choice, Count, Idle, Said, Standing, judge
from services.notifications.rules.sparring import side_of
from shared.db.transaction import Transaction
from shared.events.notifications import (
    InvitationAccepted,
    InvitationCountered,
    InvitationDeclined,
    InvitationTentative,
    Reply,
)

_SAID_AS = {"accepted": InvitationAccepted, "tentative": InvitationTentative, "declined": InvitationDeclined}


def hear_answer(tx: Transaction, invitation: Row[Any], said: Said) -> Choice | Idle:
    """Let the answer count if it does; the invitation must be locked. Gives the choice, or why nothing happens."""
    verdict = judge(said, _standing(tx, invitation))
    if not isinstance(verdict, Count):
        return verdict
    heard: dict[str, Any] = {
        "answer": said.choice,
        "answer_sequence": verdict.sequence,
        "answer_stamp": min(said.stamped_at, tx.now),  # a clock that runs ahead must not silence later answers
        "answer_by": said.by,
    }
    if verdict.revives:
        heard["state"] = "live"
    mine = tables.invitation.c.id == invitation.id
    tx.session.execute(update(tables.invitation).where(mine).values(heard))
    tx.publish(_SAID_AS[said.choice](reply=_reply(tx, invitation)))
    return said.choice


def hear_proposal(tx: Transaction, invitation: Row[Any], starts_at: datetime) -> None:
    """One of two who talk to each other proposes another time (aware) in their calendar: the other is asked."""
    tx.publish(InvitationCountered(reply=_reply(tx, invitation), starts_at=starts_at))


def _reply(tx: Transaction, invitation: Row[Any]) -> Reply:
    """Who is not signed up is named, for the sign-up that a yes is; of two who talk to each other it says which one."""
    guest = read_guest(invitation.guest) if invitation.registration_id is None and invitation.guest else None
    talk = None if guest or invitation.registration_id else sparring_of(tx.session, invitation)
    return Reply(
        invitation_id=invitation.id,
        meeting_id=invitation.meeting_id,
        registration_id=invitation.registration_id,
        answered_at=tx.now,
        person=guest.person if guest else None,
        target_group=guest.target_group if guest else "",
        organisation=guest.organisation if guest else "",
        side=side_of(talk, invitation.address) if talk else None,
    )


def _standing(tx: Transaction, invitation: Row[Any]) -> Standing:
    other = tables.invitation
    successor = select(other.c.id).where(
        other.c.meeting_id == invitation.meeting_id,
        other.c.address == invitation.address,
        other.c.id > invitation.id,
    )
    return Standing(
        state=invitation.state,
        told_sequence=invitation.told_sequence or 0,
        asked_anew=invitation.asked_anew,
        answer=invitation.answer,
        answer_sequence=invitation.answer_sequence or 0,
        answer_stamp=invitation.answer_stamp,
        has_successor=tx.session.scalar(successor.limit(1)) is not None,
    )
