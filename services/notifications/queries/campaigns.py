"""Who subscribed, whom a campaign reaches, and how far it is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.facts import read_guest, read_wish
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.campaigns import CampaignPlan, Invitee, is_meant, works_at
from services.notifications.rules.guests import Guest, role_at
from shared.db.merged import became, kin, now
from shared.events.catalog import Meeting

_SUBSCRIPTION, _GUEST, _INVITATION = tables.subscription.c, tables.guest.c, tables.invitation.c


@dataclass(frozen=True)
class Progress:
    """A campaign, how many people it has in which state, and what was answered."""

    row: Row[Any]
    people: Counter[str]
    skipped: Counter[str]
    answers: Counter[str] = field(default_factory=Counter)


def references(session: Session, kind: str) -> Sequence[Row[Any]]:
    """The words for all codes of one kind (``target-group``, ``region``) that are in use, in catalog's order."""
    words = tables.reference.c
    in_use = (words.kind == kind, words.valid_to.is_(None) | (words.valid_to > func.current_date()))
    return session.execute(select(tables.reference).where(*in_use).order_by(words.position, words.code)).all()


def codes_of(session: Session, kind: str) -> frozenset[str]:
    """The codes of one kind that are in use."""
    return frozenset(row.code for row in references(session, kind))


def is_subscribed(session: Session, fingerprint: str) -> bool:
    """Whether the address with this fingerprint confirmed a subscription."""
    mine = select(_SUBSCRIPTION.version).where(_SUBSCRIPTION.fingerprint == fingerprint)
    return session.scalar(mine.where(_SUBSCRIPTION.wish.is_not(None))) is not None


def invitees(session: Session, ours: OurAddresses, meeting_id: str, plan: CampaignPlan) -> list[Invitee]:
    """Whom a campaign reaches: each person once, and nobody who is invited or signed up, or never wants to be."""
    found = {each.fingerprint: each for each in _brought(ours, plan)}
    named = dict.fromkeys(found, True)
    for each in _subscribers(session):
        has_role = each.target_group in plan.target_groups and is_meant(each.regions, plan.regions)
        if (has_role and works_at(each, plan.organisations)) or each.fingerprint in named:
            found[each.fingerprint] = each
    known = _known_already(session, ours, meeting_id) | never(session, found)
    return sorted((each for each in found.values() if each.fingerprint not in known), key=lambda one: bool(one.brought))


def never(session: Session, fingerprints: Iterable[str]) -> set[str]:
    """Which of these never want to be invited."""
    chosen = tables.preference.c
    return set(fingerprints) & set(session.scalars(select(chosen.fingerprint).where(~chosen.invitations)))


def at_meeting(session: Session, meeting_id: str) -> set[str]:
    """The addresses (keys) of all who are, or were, signed up for a meeting."""
    registration = tables.registration.c
    mine = select(registration.address).where(registration.meeting_id == meeting_id, registration.address.is_not(None))
    return {address or "" for address in session.scalars(mine)}


def lost(session: Session) -> set[str]:
    """The addresses (keys) where mail does not arrive."""
    bounced = tables.bounced_address.c
    return set(session.scalars(select(bounced.address).where(bounced.since.is_not(None))))


def subscribed_guest(session: Session, meeting: Meeting, fingerprint: str) -> Guest | None:
    """Who subscribed with the address of this fingerprint, in the role as ``meeting`` calls it.

    None for nobody (any more).
    """
    wish = session.scalar(select(_SUBSCRIPTION.wish).where(_SUBSCRIPTION.fingerprint == fingerprint))
    if not wish:
        return None
    guest = read_wish(wish).guest
    return replace(guest, target_group=role_at(meeting, role_names(session, guest.target_group)))


def role_names(session: Session, code: str) -> tuple[str, ...]:
    """What a target group is now, and all that became the same (codes)."""
    return kin((code,), became(session, tables.reference, "target-group"))


def brought_guest(row: Row[Any]) -> Guest | None:
    """Whom an organiser brought, from a row of ``guest``; None for a subscriber, and once it was used."""
    return read_guest(row.brought) if row.brought else None


def campaigns_of(session: Session, meeting_id: str) -> list[Progress]:
    """The campaigns of a meeting, newest first."""
    campaign = tables.campaign
    rows = session.execute(
        select(campaign).where(campaign.c.meeting_id == meeting_id).order_by(campaign.c.id.desc())
    ).all()
    return [progress_of(session, row) for row in rows]


def free_seats(session: Session, meeting_id: str) -> Row[Any] | None:
    """How many seats are free, as registration told last; None before it told anything."""
    return session.execute(select(tables.seats).where(tables.seats.c.meeting_id == meeting_id)).one_or_none()


def progress_of(session: Session, row: Row[Any]) -> Progress:
    """How far the campaign in this row of ``campaign`` is."""
    mine = select(_GUEST.status, _GUEST.why, func.count()).where(_GUEST.campaign_id == row.id)
    people: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for status, why, count in session.execute(mine.group_by(_GUEST.status, _GUEST.why)):
        people[status] += count
        if why:
            skipped[why] += count
    answered = select(_INVITATION.answer, func.count()).where(_INVITATION.campaign_id == row.id)
    answers = {answer: count for answer, count in session.execute(answered.group_by(_INVITATION.answer)) if answer}
    return Progress(row, people, skipped, Counter(answers))


def _subscribers(session: Session) -> list[Invitee]:
    """In the order in which they asked. Of many only what a choice needs is read."""
    rows = session.execute(
        select(_SUBSCRIPTION.fingerprint, _SUBSCRIPTION.wish)
        .where(_SUBSCRIPTION.wish.is_not(None))
        .order_by(_SUBSCRIPTION.asked_at, _SUBSCRIPTION.fingerprint)
    )
    merged, roles = became(session, tables.reference, "region"), became(session, tables.reference, "target-group")
    return [
        Invitee(
            fingerprint=row.fingerprint,
            target_group=now((row.wish["guest"]["targetGroup"],), roles)[0],
            regions=kin(row.wish["regions"], merged),
            organisation=row.wish["guest"].get("organisation", ""),
            domain=(row.wish["guest"]["person"].get("email") or "").rpartition("@")[2],
        )
        for row in rows
    ]


def _brought(ours: OurAddresses, plan: CampaignPlan) -> list[Invitee]:
    return [
        Invitee(fingerprint=ours.fingerprint(guest.person.email or ""), target_group=guest.target_group, brought=guest)
        for guest in plan.brought
    ]


def _known_already(session: Session, ours: OurAddresses, meeting_id: str) -> set[str]:
    """Who was invited by a campaign before, or is signed up."""
    guests = session.scalars(select(_GUEST.fingerprint).where(_GUEST.meeting_id == meeting_id))
    return {*guests, *(ours.fingerprint(address_key(address)) for address in at_meeting(session, meeting_id))}
