"""Who may do what: one table, one question ``may(actor, verb, thing)``. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["anyone", "person", "helper", "editor", "organiser", "manager", "auditor"]
GivenRole = Literal["manager", "organiser", "editor", "helper", "auditor"]
"""Roles that a manager gives, to a person or to a key."""


@dataclass(frozen=True)
class Actor:
    """Who asks. ``anyone`` has shown nothing; a ``person`` signed in, or came by a signed link to one thing of theirs.

    ``id`` is the person behind a key or session, ``grant_id`` the key or session itself; ``regions`` are an
    organiser's, ``meeting_id`` a helper's, ``registration_id``, ``transfer_id`` or ``invitation_id`` a person's.
    ``former_regions`` are those that became one of an organiser's regions. ``scopes`` narrow a key to some of what its
    role may do; without any it may do all of that. ``person_key`` is the key of the address that a signed-in
    participant has shown to be theirs; ``sparring`` a talk for two and which of the two they are.
    """

    role: Role = "anyone"
    id: str | None = None
    grant_id: str | None = None
    regions: tuple[str, ...] = ()
    former_regions: tuple[str, ...] = ()
    meeting_id: str | None = None
    registration_id: str | None = None
    transfer_id: str | None = None
    invitation_id: str | None = None
    scopes: tuple[str, ...] = ()
    person_key: str | None = None
    my_data_id: str | None = None
    sparring: str | None = None


ANYONE = Actor()
"""Who has shown nothing."""


@dataclass(frozen=True)
class Thing:
    """What it is about: the regions and id of its meeting; the registration, hand-over or invitation if it is one.

    ``person_key`` is whose it is, where it is a participant's own and of no meeting; ``sparring`` is a talk for two, as
    one of them has it.
    """

    regions: tuple[str, ...] = ()
    meeting_id: str | None = None
    registration_id: str | None = None
    transfer_id: str | None = None
    invitation_id: str | None = None
    person_key: str | None = None
    sparring: str | None = None


_PUBLIC: frozenset[Role] = frozenset(get_args(Role))
_MANAGERS: frozenset[Role] = frozenset({"manager"})
_ORGANISERS: frozenset[Role] = frozenset({"manager", "organiser"})
_EDITORS: frozenset[Role] = _ORGANISERS | {"editor"}
_READERS: frozenset[Role] = _ORGANISERS | {"auditor"}
_AUDITORS: frozenset[Role] = _MANAGERS | {"auditor"}
_DOOR: frozenset[Role] = _ORGANISERS | {"helper"}
_PERSON: frozenset[Role] = frozenset({"person"})

VERBS: dict[str, frozenset[Role]] = {
    "page.read": _PUBLIC,
    "feed.read": _PUBLIC,
    "health.read": _PUBLIC,
    "statement.read": _PUBLIC,
    "reference.read": _PUBLIC,
    "meeting.read": _PUBLIC,
    "knowledge.read": _PUBLIC,
    "seats.read": _PUBLIC,
    "registration.create": _PUBLIC,
    "sign-in.ask": _PUBLIC,
    "sign-in.use": _PUBLIC,
    "sign-out.use": _PUBLIC,
    "my-data.ask": _PUBLIC,
    "my-data.use": _PUBLIC,
    "transfer.use": _PUBLIC,
    "answer.claim": _PUBLIC,
    "list.use": _PUBLIC,
    "subscription.ask": _PUBLIC,
    "story.tell": _PUBLIC,
    "feedback.give": _PUBLIC,
    "feedback.withdraw": _PUBLIC,
    "subscription.use": _PUBLIC,
    "preferences.use": _PUBLIC,
    "organise.read": _READERS | _EDITORS,
    "draft.read": _READERS,
    "history.read": _READERS,
    "meeting.draft": _ORGANISERS,
    "meeting.change": _ORGANISERS,
    "meeting.discard": _ORGANISERS,
    "meeting.publish": _ORGANISERS,
    "meeting.cancel": _ORGANISERS,
    "file.change": _EDITORS,
    "reference.change": _EDITORS,
    "region.merge": _MANAGERS,
    "programme.read": _READERS | _EDITORS,
    "programme.change": _EDITORS,
    "reach.read": _READERS,
    "feedback.read": _READERS | _EDITORS,
    "research.read": _MANAGERS,
    "registration.read": _READERS | {"person"},
    "registration.cancel": _ORGANISERS | {"person"},
    "registration.change": _ORGANISERS,
    "registration.decide": _ORGANISERS,
    "registration.enter": _ORGANISERS,
    "registration.correct": _ORGANISERS | {"person"},
    "registration.confirm": _PERSON,
    "registration.again": _PERSON,
    "story.write": _PERSON,
    "question.bring": _PERSON,
    "invitation.answer": _PERSON,
    "personal-feed.change": _PERSON,
    "offer.answer": _ORGANISERS | {"person"},
    "transfer.propose": _ORGANISERS | {"person"},
    "transfer.accept": _PERSON,
    "registrations.list": _READERS,
    "attendees.read": _READERS | {"helper"},
    "list-access.read": _AUDITORS,
    "audit.read": _AUDITORS,
    "unhandled.read": _AUDITORS,
    "unhandled.change": _MANAGERS,
    "attendance.change": _DOOR,
    "attendance.close": _ORGANISERS,
    "helpers.change": _ORGANISERS,
    "desk.read": _READERS,
    "message.write": _ORGANISERS,
    "keys.change": _MANAGERS,
    "roles.change": _MANAGERS,
    "own-sessions.change": _PERSON,
    "own-sign-ins.change": _READERS | _EDITORS,
    "all-sign-ins.change": _MANAGERS,
    "my-data.read": _PERSON,
    "my-data.take": _PERSON,
    "my-data.erase": _PERSON,
    "consent.change": _PERSON,
    "network.use": _PERSON,
    "network.moderate": _MANAGERS,
    "sparring.answer": _PERSON,
    "invitations.read": _READERS,
    "campaign.read": _READERS,
    "campaign.start": _ORGANISERS,
    "mailroom.read": _READERS,
    "mail.send": _ORGANISERS,
    "messages.read": _READERS,
}
"""Every verb and who may do it, each within their own reach."""

SIGNED_IN: frozenset[str] = frozenset({"own-sessions.change", "network.use", "sparring.answer"})
"""What a person may only who signed in: a link to one thing of theirs is not enough, save to a talk for two."""

OWN_DATA: frozenset[str] = frozenset({"my-data.read", "my-data.take", "my-data.erase", "consent.change"})
"""What a person may only who came by a fresh link to all that is theirs."""

SCOPES: dict[str, frozenset[str]] = {
    "read-meetings": frozenset({"draft.read", "history.read", "reach.read"}),
    "write-meetings": frozenset(
        {
            "draft.read",
            "file.change",
            "meeting.draft",
            "meeting.change",
            "meeting.discard",
            "meeting.publish",
            "meeting.cancel",
        }
    ),
    "read-attendees": frozenset({"attendees.read"}),
    "read-registrations": frozenset({"attendees.read", "desk.read", "registration.read", "registrations.list"}),
    "write-registrations": frozenset(
        {
            "attendance.change",
            "attendance.close",
            "desk.read",
            "offer.answer",
            "registration.cancel",
            "registration.change",
            "registration.correct",
            "registration.decide",
            "registration.enter",
            "registration.read",
            "transfer.propose",
        }
    ),
    "read-mail": frozenset({"campaign.read", "invitations.read", "mailroom.read", "messages.read"}),
    "send-mail": frozenset({"campaign.start", "mail.send", "message.write"}),
    "write-programme": frozenset({"file.change", "programme.read", "programme.change", "reference.change"}),
}
"""What a key can be narrowed to. A verb in none of them is for keys that are not, and for people."""


def may(actor: Actor, verb: str, thing: Thing | None = None) -> bool:
    """Whether ``actor`` may do ``verb`` to ``thing``; without a thing: whether there is any they may do it to.

    Raises ``LookupError`` for a verb that is not in the table.
    """
    if verb not in VERBS:
        raise LookupError(f"no verb {verb!r}: add it to VERBS")
    if VERBS[verb] is _PUBLIC:
        return True
    is_theirs = actor.role in VERBS[verb] and _is_in_scope(actor, verb) and _has_signed_in_for(actor, verb)
    return is_theirs and (thing is None or _reaches(actor, thing))


def bounds_of(actor: Actor) -> tuple[str, ...] | None:
    """The regions that bound which meetings ``actor`` reaches, for a query; None for who reaches those of all regions.

    Who reaches no meeting by its region gets none at all.
    """
    if actor.role in {"manager", "auditor"}:
        return None
    return (*actor.regions, *actor.former_regions) if actor.role == "organiser" else ()


def is_public(verb: str) -> bool:
    """Whether anyone at all may do ``verb``. Raises ``LookupError`` for an unknown verb."""
    return may(ANYONE, verb)


def _is_in_scope(actor: Actor, verb: str) -> bool:
    """A scope that is not known here, because it is newer, gives nothing."""
    return not actor.scopes or any(verb in SCOPES.get(scope, ()) for scope in actor.scopes)


def _has_signed_in_for(actor: Actor, verb: str) -> bool:
    if actor.role == "person" and verb in OWN_DATA:
        return actor.my_data_id is not None
    came_by_link = verb == "sparring.answer" and actor.sparring is not None
    return actor.role != "person" or verb not in SIGNED_IN or actor.person_key is not None or came_by_link


def _reaches(actor: Actor, thing: Thing) -> bool:
    """An organiser reaches meetings of their regions, a helper one meeting, a person what their link is about.

    What an editor keeps lies in no region.
    """
    match actor.role:
        case "manager" | "auditor" | "editor":
            return True
        case "organiser":
            return not {*actor.regions, *actor.former_regions}.isdisjoint(thing.regions)
        case "helper":
            return actor.meeting_id is not None and actor.meeting_id == thing.meeting_id
        case "person":
            mine = (actor.registration_id, actor.transfer_id, actor.invitation_id, actor.person_key, actor.sparring)
            its = (thing.registration_id, thing.transfer_id, thing.invitation_id, thing.person_key, thing.sparring)
            return any(mine) and mine == its
        case "anyone":
            return False
