"""Invite target groups to a meeting: once per person, in waves, until it is full or nobody can sign up any more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Row, select, update

from services.notifications import tables
from services.notifications.actions.align_guest import align_guest
from services.notifications.actions.align_invitation import mint
from services.notifications.actions.close_invitations import CLOSE
from services.notifications.actions.erase_brought import plan_erasure
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries.campaigns import (
    at_meeting,
    brought_guest,
    free_seats,
    lost,
    never,
    subscribed_guest,
)
from services.notifications.queries.facts import read_meeting, written
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.campaigns import CampaignPlan, Invitee, Status, roles_with_room
from services.notifications.rules.guests import Guest, closing, is_open
from shared.db.audit import note
from shared.db.due import plan
from shared.db.transaction import Transaction, insert_once, new_id
from shared.events.catalog import Meeting

INVITE = "invite-group"

_AT_ONCE = 50
_CAMPAIGN, _GUEST = tables.campaign, tables.guest

_Skipped = Literal["registered", "never", "bounced", "unsubscribed"]


def start_campaign(tx: Transaction, meeting: Meeting, wanted: CampaignPlan, people: Sequence[Invitee], by: str) -> str:
    """Note that these ``people`` are invited, and begin; ``by`` is an organiser's id. Gives the campaign's id.

    Whoever is invited to this meeting by another campaign in the same moment stays with that one.
    """
    campaign_id = new_id()
    plan(tx, CLOSE, meeting.id, closing(meeting))
    plan(tx, INVITE, campaign_id, tx.now)
    tx.session.execute(
        _CAMPAIGN.insert().values(
            id=campaign_id,
            meeting_id=meeting.id,
            target_groups=list(wanted.target_groups),
            regions=list(wanted.regions),
            organisations=list(wanted.organisations),
            ground=wanted.ground,
            wave_size=wanted.wave_size,
            wave_hours=wanted.wave_hours,
            left_in_wave=wanted.wave_size,
            status="running",
            made_by=by,
            made_at=tx.now,
        )
    )
    rows = [
        {
            "meeting_id": meeting.id,
            "fingerprint": each.fingerprint,
            "campaign_id": campaign_id,
            "number": number,
            "target_group": each.target_group,
            "brought": written(each.brought) if each.brought else None,
            "status": "waiting",
        }
        for number, each in enumerate(people, 1)
    ]
    if rows:
        once = insert_once(tx.session, _GUEST, "meeting_id", "fingerprint")
        tx.session.execute(once, rows)
    facts = {"people": len(people), "groups": list(wanted.target_groups), "regions": list(wanted.regions)}
    note(tx, "campaign.started", by=by, thing=campaign_id, meeting_id=meeting.id, why=wanted.ground, facts=facts)
    return campaign_id


def go_on(tx: Transaction, campaign_id: str) -> None:
    """Send the next wave now, also after a stop; nothing where all are invited."""
    plan(tx, INVITE, campaign_id, tx.now)
    _set(tx, campaign_id, ("paused", "full", "stopped"), status="running", left_in_wave=_CAMPAIGN.c.wave_size)


def stop(tx: Transaction, campaign_id: str) -> None:
    """Invite nobody else, until an organiser goes on."""
    _set(tx, campaign_id, ("running", "paused"), status="stopped")


def invite_group(tx: Transaction, ours: OurAddresses, campaign_id: str) -> None:
    """Invite some of those whose turn it is; the rest is planned. Due work."""
    mine = select(_CAMPAIGN).where(_CAMPAIGN.c.id == campaign_id).with_for_update()
    campaign = tx.session.execute(mine).one_or_none()
    if campaign is None or campaign.status not in ("running", "paused"):
        return
    if campaign.status == "paused":  # the time of its next wave has come
        campaign = _next_wave(tx, campaign)
    meeting = _held_meeting(tx, campaign.meeting_id)
    if meeting is None or not is_open(meeting, tx.now):
        _end(tx, campaign_id, "closed")
        return
    turn = _whose_turn(tx, campaign, _roles_with_room(tx, campaign))
    _Door(tx, ours, meeting, campaign).invite_all(turn)
    _go_further(tx, campaign, len(turn))


class _Door:
    """Lets in whoever may still be invited; what is known of them is looked up once for all of one turn."""

    def __init__(self, tx: Transaction, ours: OurAddresses, meeting: Meeting, campaign: Row[Any]) -> None:
        self.tx = tx
        self.ours = ours
        self.meeting = meeting
        self.campaign = campaign
        self.signed_up = at_meeting(tx.session, meeting.id)
        self.lost = lost(tx.session)

    def invite_all(self, turn: list[Row[Any]]) -> None:
        """Invite each of them, or note why not."""
        unwilling = never(self.tx.session, [row.fingerprint for row in turn])
        for row in turn:
            guest = brought_guest(row) or subscribed_guest(self.tx.session, self.meeting, row.fingerprint)
            why = self._why_not(row, guest, unwilling)
            if why is None and guest is not None:
                self._invite(row, guest)
            this = (_GUEST.c.meeting_id == row.meeting_id, _GUEST.c.fingerprint == row.fingerprint)
            done = {"status": "skipped" if why else "invited", "why": why, "brought": None}
            self.tx.session.execute(update(_GUEST).where(*this).values(done))

    def _why_not(self, row: Row[Any], guest: Guest | None, unwilling: set[str]) -> _Skipped | None:
        if row.fingerprint in unwilling:
            return "never"
        if guest is None:
            return "unsubscribed"
        address = address_key(guest.person.email or "")
        if address in self.signed_up:
            return "registered"
        return "bounced" if address in self.lost else None

    def _invite(self, row: Row[Any], guest: Guest) -> None:
        """A subscriber's calendar; whom an organiser brought only gets words, with a link to sign up."""
        if row.brought is None:
            address = address_key(guest.person.email or "")
            whose = {"guest": written(guest), "campaign_id": self.campaign.id}
            align_guest(self.tx, self.ours, self.meeting, mint(self.tx, self.ours, self.meeting.id, address, **whose))
            return
        mail = Mail(
            key=f"brought/{self.campaign.id}/{row.number}",
            kind="brought_invitation",
            recipient=guest.person.email or "",
            recipient_name=guest.person.name,
            language=guest.person.language,
            meeting_id=self.meeting.id,
            about={"ground": self.campaign.ground},
        )
        queue_mail(self.tx, self.ours, mail)


def _held_meeting(tx: Transaction, meeting_id: str) -> Meeting | None:
    """The newest facts; nobody changes them or signs up while people are being invited by them."""
    known = tables.meeting
    facts = tx.session.scalar(select(known.c.facts).where(known.c.id == meeting_id).with_for_update())
    return read_meeting(facts) if facts else None


def _roles_with_room(tx: Transaction, campaign: Row[Any]) -> set[str]:
    waiting = select(_GUEST.c.target_group).where(_GUEST.c.campaign_id == campaign.id, _GUEST.c.status == "waiting")
    roles = set(tx.session.scalars(waiting.distinct()))
    seats = free_seats(tx.session, campaign.meeting_id)
    return roles_with_room(roles, seats.free, seats.groups) if seats else roles


def _whose_turn(tx: Transaction, campaign: Row[Any], roles: set[str]) -> list[Row[Any]]:
    left = _AT_ONCE if campaign.left_in_wave is None else min(_AT_ONCE, campaign.left_in_wave)
    waiting = (_GUEST.c.campaign_id == campaign.id, _GUEST.c.status == "waiting", _GUEST.c.target_group.in_(roles))
    return list(tx.session.execute(select(_GUEST).where(*waiting).order_by(_GUEST.c.number).limit(left)).all())


def _go_further(tx: Transaction, campaign: Row[Any], done: int) -> None:
    """Plan what comes next: the rest of the wave at once, the next wave in its time."""
    still = select(_GUEST.c.number).where(_GUEST.c.campaign_id == campaign.id, _GUEST.c.status == "waiting").limit(1)
    left = None if campaign.left_in_wave is None else campaign.left_in_wave - done
    if tx.session.scalar(still) is None:
        _end(tx, campaign.id, "done")
    elif not _roles_with_room(tx, campaign):
        _set(tx, campaign.id, ("running",), status="full")
    elif left == 0:
        _set(tx, campaign.id, ("running",), status="paused", left_in_wave=0)
        if campaign.wave_hours is not None:
            plan(tx, INVITE, campaign.id, tx.now + timedelta(hours=campaign.wave_hours))
    else:
        _set(tx, campaign.id, ("running",), left_in_wave=left)
        plan(tx, INVITE, campaign.id, tx.now)


def _next_wave(tx: Transaction, campaign: Row[Any]) -> Row[Any]:
    begun = {"status": "running", "left_in_wave": campaign.wave_size}
    mine = update(_CAMPAIGN).where(_CAMPAIGN.c.id == campaign.id).values(begun)
    return tx.session.execute(mine.returning(_CAMPAIGN)).one()


def _end(tx: Transaction, campaign_id: str, status: Status) -> None:
    """Nobody else is invited: what was brought is not needed any more."""
    _set(tx, campaign_id, ("running",), status=status)
    plan_erasure(tx, campaign_id)


def _set(tx: Transaction, campaign_id: str, if_status: tuple[Status, ...], **values: Any) -> None:
    mine = (_CAMPAIGN.c.id == campaign_id, _CAMPAIGN.c.status.in_(if_status))
    tx.session.execute(update(_CAMPAIGN).where(*mine).values(values))
