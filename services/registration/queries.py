"""What we look up. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from services.registration.rules.asking import Asking
from services.registration.rules.decision import Wait
from services.registration.rules.opening import Opening, refuse_now, refuse_role
from services.registration.rules.seats import SeatPlan, free, over_plan
from services.registration.rules.standing import HOLDS_SEAT, WAITS, Room
from services.registration.rules.waiting import ONE, at_last_moment, places
from services.registration.tables import (
    attendance,
    grants,
    history,
    idempotency,
    issued_key,
    list_access,
    mail_domain,
    meeting,
    message,
    organisation_name,
    organiser,
    reference,
    registration,
    seat_notice,
    session_seat,
    transfer,
)
from shared.events import catalog
from shared.events.contract import schema_of
from shared.events.registration import Attendance, GroupSeats, OnlineSeats, SeatsChanged, SessionSeat, SessionSeats
from shared.people.roles import Thing

_MOST_ALTERNATIVES = 5

_PLAN, _TERMS = schema_of(catalog.SeatPlan)(), schema_of(catalog.RegistrationTerms)()


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How the seats of one meeting stand.

    ``taken`` and ``waiting`` count people per target group, for the seats of the plan; ``queue_number`` is the last
    one given out; ``groups`` are the codes the meeting is for (none: everyone). A ``mixed`` meeting has places online
    besides (``online``: a plan with one group; None: as many as like). ``sessions`` have seats of their own: capacity
    by id.
    """

    meeting_id: str
    revision: int
    plan: SeatPlan
    opening: Opening
    terms: catalog.RegistrationTerms
    groups: Sequence[str]
    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    queue_number: int
    mixed: bool = False
    online: SeatPlan | None = None
    online_taken: int = 0
    online_waiting: int = 0
    sessions: Mapping[str, int] = field(default_factory=dict)


def meeting_by(session: Session, meeting_id: str) -> Row[Any] | None:
    """The meeting with this id, if it was published."""
    return session.execute(select(meeting).where(meeting.c.id == meeting_id)).one_or_none()


def meeting_called(session: Session, name: str) -> Row[Any] | None:
    """The meeting with this slug or id, if it was published."""
    found = session.execute(select(meeting).where((meeting.c.slug == name) | (meeting.c.id == name)))
    return found.first()


def thing_of(row: Row[Any]) -> Thing:
    """A meeting as the access rules know it."""
    return Thing(regions=tuple(row.regions), meeting_id=row.id)


def asking_of(session: Session, row: Row[Any]) -> Asking:
    """What a meeting asks of those who sign up, from its row."""
    terms = row.terms
    own = {group["code"] for group in row.target_groups}
    known = groups_of(session, [row])
    asked = {"needs.access": terms["askAccess"], "needs.diet": terms["askDiet"], "phone": terms["askPhone"]}
    return Asking(
        mode=row.facts["attendanceMode"],
        groups=known if not own or terms["otherRoles"] else own,
        known=known,
        sessions=[each["id"] for each in row.facts["sessions"] if each["capacity"] is not None],
        questionnaire=_TERMS.load(terms).questionnaire if terms["questionnaire"] else (),
        extra={name for name, wanted in asked.items() if wanted},
    )


def meetings(session: Session) -> Sequence[Row[Any]]:
    """All meetings, the latest first."""
    return session.execute(select(meeting).order_by(meeting.c.starts_at.desc(), meeting.c.id)).all()


def seats_of(row: Row[Any]) -> Seats:
    """How the seats stand, from a row of ``meeting``."""
    plan, terms = _PLAN.load(row.seat_plan), _TERMS.load(row.terms)
    groups = [group["code"] for group in row.target_groups]
    return Seats(
        meeting_id=row.id,
        revision=row.revision,
        plan=_rule_plan(plan),
        opening=Opening(
            status=row.status,
            starts_at=row.starts_at,
            opens_at=terms.opens_at,
            closes_at=terms.closes_at,
            target_groups=frozenset(groups),
            other_roles=terms.other_roles,
        ),
        terms=terms,
        groups=groups,
        taken=row.taken,
        waiting=row.waiting,
        queue_number=row.queue_number,
        mixed=row.facts["attendanceMode"] == "mixed",
        online=_online_plan(plan),
        online_taken=row.online_taken,
        online_waiting=row.online_waiting,
        sessions={each["id"]: each["capacity"] for each in row.facts["sessions"] if each["capacity"] is not None},
    )


def with_plan(seats: Seats, plan: catalog.SeatPlan) -> Seats:
    """The same seats under another plan."""
    return replace(seats, plan=_rule_plan(plan), online=_online_plan(plan))


def _rule_plan(plan: catalog.SeatPlan) -> SeatPlan:
    return SeatPlan(
        capacity=plan.capacity,
        reserved=plan.reserved,
        maximum=plan.maximum,
        release_at=plan.release_at,
        promotion=plan.promotion,
        waiting_list=plan.waiting_list,
        offer_hours=plan.offer_hours,
        cutoff_hours=plan.cutoff_hours,
    )


def _online_plan(plan: catalog.SeatPlan) -> SeatPlan | None:
    """The places online as a plan of their own: whoever waits gets one as soon as there is one."""
    if plan.online_capacity is None:
        return None
    return SeatPlan(capacity=plan.online_capacity, waiting_list=plan.waiting_list, cutoff_hours=0)


def figures(seats: Seats, now: datetime, sessions: Mapping[tuple[str, str], int] | None = None) -> SeatsChanged:
    """How full the meeting is at ``now``, in the words of the event and the API.

    ``sessions``: the ``session_counts`` of its sessions; without them nobody chose any.
    """
    chosen = sessions or {}
    plan, reserved = seats.plan, seats.plan.reserved_at(now)
    codes = seats.groups or sorted({*seats.taken, *seats.waiting, *plan.reserved, *plan.maximum})
    taken = sum(seats.taken.values())
    return SeatsChanged(
        meeting_id=seats.meeting_id,
        capacity=plan.capacity,
        taken=taken,
        free=max(0, plan.capacity - taken),
        waiting=sum(seats.waiting.values()),
        over_plan=over_plan(plan, seats.taken, now),
        target_groups={
            code: GroupSeats(
                taken=seats.taken.get(code, 0),
                reserved=reserved.get(code, 0),
                maximum=plan.maximum_of(code),
                waiting=seats.waiting.get(code, 0),
                free=free(plan, seats.taken, code, now),
            )
            for code in codes
        },
        online=OnlineSeats(
            capacity=seats.online.capacity if seats.online else None,
            taken=seats.online_taken,
            waiting=seats.online_waiting,
        )
        if seats.mixed
        else None,
        sessions={
            session_id: SessionSeats(
                capacity=capacity,
                taken=chosen.get((session_id, "confirmed"), 0),
                waiting=chosen.get((session_id, WAITS), 0),
            )
            for session_id, capacity in seats.sessions.items()
        },
    )


def public_figures(session: Session, meeting_id: str) -> Mapping[str, Any] | None:
    """What the public sees of the seats, at most a minute old when they move; None for an unknown meeting."""
    return session.scalar(select(seat_notice.c.figures).where(seat_notice.c.meeting_id == meeting_id))


@dataclass(frozen=True)
class Alternative:
    """Another meeting of the same series that has seats ``free``, as the public knows."""

    meeting: Row[Any]
    free: int


def coming(session: Session, series: str, now: datetime) -> Sequence[Row[Any]]:
    """The public meetings of a series that are still to begin, the soonest first, each with its public ``figures``."""
    found = select(meeting, seat_notice.c.figures).join(seat_notice, seat_notice.c.meeting_id == meeting.c.id)
    found = found.where(meeting.c.series == series, meeting.c.status == "published", meeting.c.starts_at > now)
    rows = session.execute(found.order_by(meeting.c.starts_at, meeting.c.id)).all()
    return [row for row in rows if row.facts["visibility"] == "public"]


def alternatives(session: Session, row: Row[Any], group: str | None, now: datetime) -> list[Alternative]:
    """Where the same programme (``row``: one of its meetings) still has seats for this role, the soonest first.

    At most five. Without a ``group``: seats for the role that has most of them.
    """
    others = [other for other in coming(session, row.series, now) if other.id != row.id] if row.series else []
    found = [Alternative(other, public_free(other, other.figures, group, now)) for other in others]
    return [other for other in found if other.free][:_MOST_ALTERNATIVES]


def public_free(row: Row[Any], shown: Mapping[str, Any], group: str | None, now: datetime) -> int:
    """How many of this role (None: of some role) would get a seat at once, by the figures ``shown`` to the public."""
    seats, groups = seats_of(row), shown.get("targetGroups", {})
    if refuse_now(seats.opening, now):
        return 0
    taken = {code: group_seats["taken"] for code, group_seats in groups.items()}
    wanted = seats.groups or [ONE, *groups] if group is None else [group]
    admitted = [code for code in wanted if not refuse_role(seats.opening, code) and not _is_awaited(groups, code)]
    return max((free(seats.plan, taken, code, now) for code in admitted), default=0)


def _is_awaited(groups: Mapping[str, Any], group: str) -> bool:
    """Whether someone of this role waits already, and so comes before a newcomer."""
    return bool(groups.get(group, {}).get("waiting"))


def first_waiting(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """Those who wait for a seat of the plan and may have a turn before a newcomer, in the order of the queue.

    That is the first ``free`` of each group: the seat rule only tightens as seats are taken.
    """
    return _first_waiting(session, seats, now)


def next_waiting(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """The same, but only those who may be promoted now: at the last moment not everyone can come."""
    if not at_last_moment(seats.opening, now):
        return _first_waiting(session, seats, now)
    return _first_waiting(session, seats, now, registration.c.last_moment)


def _first_waiting(session: Session, seats: Seats, now: datetime, *also: ColumnElement[bool]) -> Sequence[Row[Any]]:
    turns = {group: free(seats.plan, seats.taken, group, now) for group, count in seats.waiting.items() if count}
    found: list[Row[Any]] = []
    for group, turn in turns.items():
        if turn:
            found += session.execute(
                select(registration)
                .where(_waits_for(seats.meeting_id, "seat"), registration.c.target_group == group, *also)
                .order_by(registration.c.queue_number)
                .limit(turn)
            ).all()
    return sorted(found, key=lambda row: row.queue_number)


def first_waiting_online(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """Those who wait for a place online and can have one now, in the order of the queue."""
    if not seats.online_waiting:
        return []
    waiting = select(registration).where(_waits_for(seats.meeting_id, "online")).order_by(registration.c.queue_number)
    if seats.online is not None:
        waiting = waiting.limit(free(seats.online, {ONE: seats.online_taken}, ONE, now))
    return session.execute(waiting).all()


def waiting_before(session: Session, seats: Seats, queue_number: int) -> Sequence[str]:
    """The target groups of all who wait for a seat of the plan with an earlier queue number, in their order."""
    earlier = (_waits_for(seats.meeting_id, "seat"), registration.c.queue_number < queue_number)
    return session.scalars(
        select(registration.c.target_group).where(*earlier).order_by(registration.c.queue_number)
    ).all()


def overdue_offers(session: Session, meeting_id: str, now: datetime) -> Sequence[Row[Any]]:
    """The offers that were not answered in time, in the order of the queue."""
    overdue = (registration.c.status == "offered", registration.c.offer_until <= now)
    found = select(registration).where(registration.c.meeting_id == meeting_id, *overdue)
    return session.execute(found.order_by(registration.c.queue_number)).all()


def place_of(session: Session, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The place 1…n of someone who waits, on the whole list and among their own group; None for who does not wait."""
    if row["waits_for"] is None:
        return None
    before = (_waits_for(row["meeting_id"], row["waits_for"]), registration.c.queue_number <= row["queue_number"])
    own_group = func.count().filter(registration.c.target_group == row["target_group"])
    place, place_in_group = session.execute(select(func.count(), own_group).where(*before)).one()
    return place, place_in_group


@dataclass(frozen=True)
class Counted:
    """What the counters of a meeting must say."""

    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    online_taken: int
    online_waiting: int


def recount(session: Session, meeting_id: str) -> Counted:
    """Count from the registrations what the counters keep."""
    row = meeting_by(session, meeting_id)
    mixed = row is not None and row.facts["attendanceMode"] == "mixed"
    held = (registration.c.status.in_(HOLDS_SEAT), registration.c.kind == "participant")
    seated = (*held, registration.c.attendance == "venue") if mixed else held
    online = (*held, registration.c.attendance == "online")
    return Counted(
        taken=_counted(session, meeting_id, *seated),
        waiting=_counted(session, meeting_id, registration.c.waits_for == "seat"),
        online_taken=sum(_counted(session, meeting_id, *online).values()) if mixed else 0,
        online_waiting=sum(_counted(session, meeting_id, registration.c.waits_for == "online").values()),
    )


def registration_by(session: Session, registration_id: str) -> Row[Any] | None:
    """One registration."""
    return session.execute(select(registration).where(registration.c.id == registration_id)).one_or_none()


def registered(session: Session, meeting_id: str, address_keys: Collection[str]) -> Sequence[Row[Any]]:
    """The rows, whatever their state, of everyone at one meeting with one of these addresses."""
    mine = (registration.c.meeting_id == meeting_id, registration.c.address_key.in_(list(address_keys)))
    return session.execute(select(registration).where(*mine).order_by(registration.c.companion)).all()


def thing_of_registration(session: Session, row: Row[Any] | None) -> Thing:
    """A registration as the access rules know it; of an unknown one they know nothing."""
    meeting_row = meeting_by(session, row.meeting_id) if row else None
    if row is None or meeting_row is None:
        return Thing()
    return Thing(regions=tuple(meeting_row.regions), meeting_id=meeting_row.id, registration_id=row.id)


def transfer_by(session: Session, transfer_id: str) -> Row[Any] | None:
    """One proposal to hand a seat over."""
    return session.execute(select(transfer).where(transfer.c.id == transfer_id)).one_or_none()


def pending_transfer(session: Session, registration_id: str) -> Row[Any] | None:
    """The proposal to hand over this seat that still stands."""
    pending = (transfer.c.registration_id == registration_id, transfer.c.status == "pending")
    return session.execute(select(transfer).where(*pending)).one_or_none()


def history_of(session: Session, registration_id: str) -> Sequence[Row[Any]]:
    """Everything that was ever done to a registration, the oldest first."""
    mine = history.c.registration_id == registration_id
    return session.execute(select(history).where(mine).order_by(history.c.position)).all()


def sessions_of(session: Session, registration_id: str) -> tuple[SessionSeat, ...]:
    """The sessions with seats of their own that someone chose, each with a place 1…n where it is waited for."""
    return _chosen(session, session_seat.c.registration_id == registration_id).get(registration_id, ())


def all_sessions(session: Session, meeting_id: str) -> Mapping[str, tuple[SessionSeat, ...]]:
    """The same for everyone at one meeting, by registration id."""
    return _chosen(session, session_seat.c.meeting_id == meeting_id)


def _chosen(session: Session, these: ColumnElement[bool]) -> Mapping[str, tuple[SessionSeat, ...]]:
    other = session_seat.alias()
    place = (
        select(func.count())
        .where(
            other.c.meeting_id == session_seat.c.meeting_id,
            other.c.session_id == session_seat.c.session_id,
            other.c.status == WAITS,
            other.c.queue_number <= session_seat.c.queue_number,
        )
        .scalar_subquery()
    )
    rows = session.execute(select(session_seat, place.label("place")).where(these).order_by(session_seat.c.session_id))
    found: dict[str, tuple[SessionSeat, ...]] = {}
    for row in rows:
        chosen = SessionSeat(id=row.session_id, status=row.status, place=row.place if row.status == WAITS else None)
        found[row.registration_id] = (*found.get(row.registration_id, ()), chosen)
    return found


def session_counts(session: Session, meeting_id: str) -> Mapping[tuple[str, str], int]:
    """How many have a seat, and how many wait, by session id and status."""
    counted = select(session_seat.c.session_id, session_seat.c.status, func.count())
    counted = counted.where(session_seat.c.meeting_id == meeting_id)
    rows = session.execute(counted.group_by(session_seat.c.session_id, session_seat.c.status))
    return {(row[0], row[1]): row[2] for row in rows}


def session_line(session: Session, meeting_id: str, session_id: str) -> Sequence[Row[Any]]:
    """Those who wait for a seat at a session and hold one at the meeting, in the order of the queue."""
    line = (
        select(session_seat, registration.c.name)
        .join(registration, registration.c.id == session_seat.c.registration_id)
        .where(
            session_seat.c.meeting_id == meeting_id,
            session_seat.c.session_id == session_id,
            session_seat.c.status == WAITS,
            registration.c.status.in_(HOLDS_SEAT),
        )
    )
    return session.execute(line.order_by(session_seat.c.queue_number)).all()


def answered(session: Session, meeting_id: str, keys: Collection[str]) -> Mapping[str, Row[Any]]:
    """The stored answers to sign-ups that came with these keys."""
    mine = (idempotency.c.meeting_id == meeting_id, idempotency.c.key.in_(list(keys)))
    return {row.key: row for row in session.execute(select(idempotency).where(*mine))}


def registrations(
    session: Session,
    meeting_id: str,
    *,
    statuses: Collection[str] = (),
    groups: Collection[str] = (),
    text: str = "",
) -> Sequence[Row[Any]]:
    """The registrations of one meeting in the order of the queue; no statuses or groups means all of them.

    ``text``: is to stand in the name, the address or the organisation.
    """
    wanted = [registration.c.meeting_id == meeting_id]
    if statuses:
        wanted.append(registration.c.status.in_(list(statuses)))
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    if text:
        searched = (registration.c.name, registration.c.email, registration.c.organisation)
        wanted.append(or_(*(column.icontains(text, autoescape=True) for column in searched)))
    return session.execute(select(registration).where(*wanted).order_by(registration.c.queue_number)).all()


def everyone_waiting(session: Session, meeting_id: str, room: Room) -> Sequence[Row[Any]]:
    """All who wait for a seat of the plan, or for a place online, in the order of the queue."""
    waiting = select(registration).where(_waits_for(meeting_id, room))
    return session.execute(waiting.order_by(registration.c.queue_number)).all()


def sign_up_moments(session: Session, meeting_id: str) -> Sequence[datetime]:
    """When each person signed up for a meeting, or was signed up, for the first time."""
    first = select(registration.c.created_at).where(registration.c.meeting_id == meeting_id)
    return session.scalars(first.order_by(registration.c.created_at)).all()


def organisers_called(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What organisers are known by: their address, or the name of their key."""
    people = select(organiser.c.id, organiser.c.email).where(organiser.c.id.in_(list(ids)))
    programs = select(issued_key.c.id, issued_key.c.name).where(issued_key.c.id.in_(list(ids)), issued_key.c.name != "")
    return {row[0]: row[1] for each in (people, programs) for row in session.execute(each)}


def recipients(
    session: Session,
    meeting_id: str,
    *,
    statuses: Collection[str],
    groups: Collection[str] = (),
    regions: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """Those of a meeting who have an address, in the order of the queue.

    Of these statuses, and of these target groups and regions only, if any are given; a region is the organisation's.
    """
    wanted = [
        registration.c.meeting_id == meeting_id,
        registration.c.email.is_not(None),
        registration.c.status.in_(list(statuses)),
    ]
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    if regions:
        of_regions = select(reference.c.code).where(
            reference.c.kind == "organisation", reference.c.region.in_(list(regions))
        )
        wanted.append(registration.c.organisation_id.in_(of_regions))
    return session.execute(select(registration).where(*wanted).order_by(registration.c.queue_number)).all()


def messages(session: Session, meeting_id: str) -> Sequence[Row[Any]]:
    """What was written to those who signed up, the newest first."""
    written = select(message).where(message.c.meeting_id == meeting_id)
    return session.execute(written.order_by(message.c.written_at.desc(), message.c.id)).all()


def message_by(session: Session, message_id: str) -> Row[Any] | None:
    """One message."""
    return session.execute(select(message).where(message.c.id == message_id)).one_or_none()


def urgent_notices(session: Session, meeting_id: str, now: datetime) -> Sequence[Row[Any]]:
    """What has to stand on the pages of a meeting now, the newest first."""
    urgent = (message.c.meeting_id == meeting_id, message.c.urgent, message.c.shown_until > now)
    return session.execute(select(message).where(*urgent).order_by(message.c.written_at.desc())).all()


def seat_holders(
    session: Session, meeting_id: str, names: Collection[str], groups: Collection[str] = ()
) -> Sequence[Row[Any]]:
    """These columns of everyone who holds a seat, speakers and the team too; no groups means all of them."""
    wanted = [registration.c.meeting_id == meeting_id, registration.c.status.in_(HOLDS_SEAT)]
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    return session.execute(select(*(registration.c[name] for name in names)).where(*wanted)).all()


def all_places(session: Session, meeting_id: str) -> Mapping[str, Wait]:
    """The places of all who wait at one meeting, by registration id: for a seat of the plan, or online."""
    columns = (registration.c.id, registration.c.target_group, registration.c.waits_for)
    waiting = select(*columns).where(registration.c.meeting_id == meeting_id, registration.c.waits_for.is_not(None))
    rows = session.execute(waiting.order_by(registration.c.queue_number)).all()
    found: dict[str, Wait] = {}
    for room in ("seat", "online"):
        line = [row for row in rows if row.waits_for == room]
        found |= zip((row.id for row in line), places(row.target_group for row in line), strict=True)
    return found


def attendance_counts(session: Session, meeting_id: str) -> tuple[Attendance, ...]:
    """How many had a seat, came and did not come, per organisation and target group.

    Speakers and the team do not count. Until the attendance is closed nobody is said not to come.
    """
    columns = (registration.c.organisation_id, registration.c.target_group)
    counted = (
        select(
            *columns,
            func.count().label("registered"),
            func.count().filter(registration.c.status == "attended").label("attended"),
            func.count().filter(registration.c.status == "no_show").label("no_show"),
        )
        .where(
            registration.c.meeting_id == meeting_id,
            registration.c.kind == "participant",
            registration.c.status.in_(HOLDS_SEAT),
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return tuple(Attendance(**row) for row in session.execute(counted).mappings())


def attendance_history(session: Session, row: Row[Any]) -> Sequence[Any]:
    """How many had a seat and how many came at the other closed meetings of the regions of this one.

    Per meeting and target group, in the order of those meetings; only of this meeting's target groups, if it has any.
    """
    groups = [group["code"] for group in row.target_groups]
    closed = select(meeting.c.id, meeting.c.regions).where(meeting.c.attendance_closed_at.is_not(None))
    near = [each.id for each in session.execute(closed) if not set(each.regions).isdisjoint(row.regions)]
    sums = (func.sum(attendance.c.registered).label("registered"), func.sum(attendance.c.attended).label("attended"))
    counted = (
        select(attendance.c.meeting_id, attendance.c.target_group, *sums)
        .join(meeting, meeting.c.id == attendance.c.meeting_id)
        .where(attendance.c.meeting_id.in_(near), attendance.c.meeting_id != row.id)
        .group_by(meeting.c.starts_at, attendance.c.meeting_id, attendance.c.target_group)
        .order_by(meeting.c.starts_at, attendance.c.meeting_id, attendance.c.target_group)
    )
    if groups:
        counted = counted.where(attendance.c.target_group.in_(groups))
    return session.execute(counted).all()


def references(session: Session, kind: str) -> Sequence[Row[Any]]:
    """All codes of one kind (``target-group``, ``organisation``, ``region``), in catalog's order."""
    of_kind = select(reference).where(reference.c.kind == kind)
    return session.execute(of_kind.order_by(reference.c.position, reference.c.code)).all()


def organisation_kinds(session: Session) -> Mapping[str, str]:
    """What kind of organisation each one is whose kind we know, by official address."""
    kinds = select(reference.c.code, reference.c.organisation_kind)
    known = kinds.where(reference.c.kind == "organisation", reference.c.organisation_kind.is_not(None))
    return {row[0]: row[1] for row in session.execute(known)}


def list_accesses(session: Session, meeting_id: str) -> Sequence[Row[Any]]:
    """Who saw or took lists of this meeting, the latest first; ``email`` of who still has a role."""
    seen = select(list_access, organiser.c.email).outerjoin(organiser, organiser.c.id == list_access.c.by)
    return session.execute(
        seen.where(list_access.c.meeting_id == meeting_id).order_by(list_access.c.position.desc())
    ).all()


def groups_of(session: Session, meetings: Sequence[Row[Any]]) -> frozenset[str]:
    """The codes of the target groups that the network uses, and of those that these meetings name."""
    return known_groups(session) | {group["code"] for row in meetings for group in row.target_groups}


def known_groups(session: Session) -> frozenset[str]:
    """The codes of all target groups the network uses."""
    return frozenset(session.scalars(select(reference.c.code).where(reference.c.kind == "target-group")))


def organisation_names(session: Session) -> Sequence[dict[str, str]]:
    """The labels of all organisations that are still there, in catalog's order."""
    there = reference.c.valid_to.is_(None) | (reference.c.valid_to > func.current_date())
    named = select(reference.c.labels).where(reference.c.kind == "organisation", there)
    return session.scalars(named.order_by(reference.c.position, reference.c.code)).all()


Workplace: TypeAlias = tuple[str, str | None]
"""Where someone works: its name, and its official address if it is one that we know."""


def workplace(session: Session, named: str, address_key: str | None) -> Workplace:
    """Where someone works: its name, and its official address if it is one that we know.

    That is the organisation that was ``named``, by its official address or exactly its name in either language; where
    none was, the one whose people write from the domain of the mail address.
    """
    found = _organisation_called(session, named) if named else _organisation_of(session, address_key)
    if found is None:
        return named, None
    return found.labels.get("nl") or next(iter(found.labels.values())), found.code


def _organisation_called(session: Session, text: str) -> Row[Any] | None:
    found = _organisations().join(organisation_name, organisation_name.c.organisation_id == reference.c.code)
    return session.execute(found.where(organisation_name.c.name == text.casefold()).limit(1)).first()


def _organisation_of(session: Session, address_key: str | None) -> Row[Any] | None:
    code = organisation_of_domain(session, address_key) if address_key else None
    return session.execute(_organisations().where(reference.c.code == code)).first() if code else None


def _organisations() -> Select[Any]:
    """Organisations, first those that are still there."""
    organisations = select(reference).where(reference.c.kind == "organisation")
    return organisations.order_by(reference.c.valid_to.is_not(None), reference.c.position, reference.c.code)


def organisation_of_domain(session: Session, address_key: str) -> str | None:
    """The official address of the organisation whose people write from the domain of this address, or a parent."""
    labels = address_key.rpartition("@")[2].split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    rows = session.execute(select(mail_domain).where(mail_domain.c.domain.in_(domains))).all()
    longest = max(rows, key=lambda row: len(row.domain), default=None)
    return longest.organisation_id if longest else None


def organiser_with(session: Session, address_key: str) -> Row[Any] | None:
    """The person with a role behind this address."""
    return session.execute(select(organiser).where(organiser.c.address_key == address_key)).one_or_none()


def first_manager(session: Session) -> str | None:
    """The id of the person who was made a manager first."""
    managers = select(organiser.c.id).where(organiser.c.role == "manager")
    return session.scalar(managers.order_by(organiser.c.created_at, organiser.c.id).limit(1))


def keys(session: Session) -> Sequence[Any]:
    """The organisers' keys that still open something, the newest first."""
    columns = (grants.c.id, grants.c.role, grants.c.regions, issued_key.c.name, issued_key.c.issued_at)
    found = select(*columns).join(issued_key, issued_key.c.id == grants.c.id).where(~grants.c.revoked)
    return session.execute(found.order_by(issued_key.c.issued_at.desc(), grants.c.id)).all()


def _waits_for(meeting_id: str, room: Room) -> ColumnElement[bool]:
    return (registration.c.meeting_id == meeting_id) & (registration.c.waits_for == room)


def _counted(session: Session, meeting_id: str, *these: ColumnElement[bool]) -> dict[str, int]:
    per_group = select(registration.c.target_group, func.count()).where(registration.c.meeting_id == meeting_id, *these)
    rows = session.execute(per_group.group_by(registration.c.target_group))
    return {row[0]: row[1] for row in rows}
