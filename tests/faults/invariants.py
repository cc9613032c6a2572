"""What must hold after every fault, once all is at rest: I1 to I5 and I8 of the design's page on trust.

Reads the tables and the mail folder, and knows the seat rule by itself (``rooms``): nothing here asks the code that it
judges.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, MetaData, select

from services.catalog.tables import metadata as catalog_tables
from services.notifications.tables import metadata as notifications_tables
from services.notifications.tables.foundation import MAIL_KEPT
from services.registration.tables import metadata as registration_tables
from shared.db.engine import make_engine
from shared.events import CONTRACTS
from shared.periods import Periods
from tests.faults.rooms import LAST_MOMENT, SEATED, Heard, Plan, is_seated, rooms_after, walk

Rows = Sequence[Any]
Answered = Collection[tuple[str, str]]
"""Sign-ups that were answered with success: meeting id and mail address."""

TABLES: Mapping[str, MetaData] = {
    "catalog": catalog_tables,
    "registration": registration_tables,
    "notifications": notifications_tables,
}
NO_STATE = {"registration.repeated"}
TOLD_ONCE_MORE = {"again", "counter"}
"""The kinds of mail whose object says nothing new, under the SEQUENCE that was told already."""


def broken(
    urls: Mapping[str, str], mail: Path, now: datetime, answered: Answered = (), refused: Collection[str] = ()
) -> list[str]:
    """What does not hold at ``now`` (aware UTC), in words that begin with its number; empty if all is well.

    ``urls`` are the databases by service; ``mail`` is the folder in which ``sent/`` lies. Nobody lives at the addresses
    ``refused``: mail to them is given up.
    """
    return broken_in(State(_rows_of_all(urls), mail, now, answered, refused))


def broken_in(state: "State") -> list[str]:
    """The same of what was looked up already."""
    checks: dict[str, Callable[[State], Iterator[str]]] = {
        "I1": _seats_within_the_rule,
        "I2": _nobody_passed_over,
        "I3": _everything_answered_is_stored,
        "I4": _one_entry_per_seat,
        "I5": _every_event_once_and_in_order,
        "I8": _nothing_waits_for_a_human,
    }
    return [f"{number}: {words}" for number, check in checks.items() for words in check(state)]


def disagreements(urls: Mapping[str, str]) -> list[str]:
    """Where the services know different facts at rest, or did not hear of each other to the end; as in ``broken``."""
    return list(_every_event_once_and_in_order(Known(_rows_of_all(urls))))


_FLOW = ("outbox", "inbox", "seen", "setting", "due")
_LOOKED_AT: Mapping[str, Collection[str]] = {
    "catalog": (*_FLOW, "meeting"),
    "registration": (*_FLOW, "meeting", "registration", "history", "profile", "sparring"),
    "notifications": (*_FLOW, "meeting", "registration", "invitation", "outgoing_mail"),
}
"""The tables that any check looks at: a quarter of all."""


def _rows_of_all(urls: Mapping[str, str]) -> dict[str, dict[str, Rows]]:
    return {name: rows_of(_engine(url), TABLES[name], _LOOKED_AT[name]) for name, url in urls.items()}


@lru_cache(maxsize=6)
def _engine(url: str) -> Engine:
    """The same for who looks again, as one does until all is well: it knows its statements."""
    return make_engine(url)


def rows_of(engine: Engine, metadata: MetaData, names: Collection[str]) -> dict[str, Rows]:
    """All rows of the tables with these names."""
    with engine.connect() as connection:
        rows = {name: connection.execute(select(metadata.tables[name])).all() for name in names}
    engine.dispose()
    return rows


_LEFT = ("sent", "bounced")
"""What a mail is called that left; one whose recipient's server reported later that nobody is there left too."""


@dataclass(frozen=True)
class Letter:
    """A calendar object in somebody's mail."""

    recipient: str
    method: str
    uid: str
    sequence: int
    stamp: str
    arrived: int


@dataclass(frozen=True)
class Mail:
    """A mail in the folder: its Message-ID, and the calendar objects in it."""

    message_id: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Known:
    """What the services know, by service and table."""

    rows: Mapping[str, Mapping[str, Rows]]

    @cached_property
    def registrations(self) -> Rows:
        return self.rows["registration"]["registration"]


@dataclass(frozen=True)
class State(Known):
    """Everything there is to look at."""

    mail: Path
    now: datetime
    answered: Answered
    refused: Collection[str]

    @cached_property
    def meetings(self) -> dict[str, Any]:
        return {row.id: row for row in self.rows["registration"]["meeting"]}

    @cached_property
    def facts(self) -> dict[str, dict[int, Any]]:
        """What catalog told of each meeting, by revision."""
        found: dict[str, dict[int, Any]] = defaultdict(dict)
        for row in sorted(self.rows["catalog"]["outbox"], key=lambda row: row.position):
            if row.aggregate == "meeting":
                meeting = CONTRACTS[row.type].load(row.payload).meeting
                found[meeting.id][meeting.revision] = meeting
        return found

    @cached_property
    def plans(self) -> dict[str, list[Plan]]:
        """Every plan that each meeting ever had, the newest last."""
        return {
            id_: [
                Plan(plan.capacity, plan.reserved, plan.maximum, plan.release_at, plan.promotion)
                for plan in (meeting.seat_plan for meeting in revisions.values())
            ]
            for id_, revisions in self.facts.items()
        }

    @cached_property
    def heard(self) -> list[Heard]:
        """What was told about registrations, in order."""
        rows = sorted(self.rows["registration"]["outbox"], key=lambda row: row.position)
        told = [
            (row.occurred_at, CONTRACTS[row.type].load(row.payload).registration)
            for row in rows
            if row.type.startswith("registration.") and row.type not in NO_STATE
        ]
        return [Heard(at, each, self.facts[each.meeting_id][each.meeting_revision]) for at, each in told]

    @cached_property
    def by_hand(self) -> set[tuple[str, datetime]]:
        """What organisers did themselves: registration and moment."""
        return {(row.registration_id, row.at) for row in self._history if row.cause == "organiser"}

    @cached_property
    def handed_over(self) -> set[tuple[str, datetime]]:
        """Who was given the seat of a colleague of the same role, and when: that seat was there already."""
        groups = {row.id: row.target_group for row in self.registrations}
        acts = [row for row in self._history if row.act == "hand-over" and row.to_status in {"cancelled", "confirmed"}]
        given = {(groups.get(row.registration_id), row.at) for row in acts if row.to_status == "cancelled"}
        return {
            (row.registration_id, row.at)
            for row in acts
            if row.to_status == "confirmed" and (groups.get(row.registration_id), row.at) in given
        }

    @cached_property
    def _history(self) -> Rows:
        return sorted(self.rows["registration"]["history"], key=lambda row: row.position)

    @cached_property
    def last_acts(self) -> dict[str, Any]:
        """The newest line of each registration's history."""
        return {row.registration_id: row for row in self._history}

    @cached_property
    def mails(self) -> list[Mail]:
        """What lies in the folder."""
        return [_read(path, path.stat().st_mtime_ns) for path in (self.mail / "sent").glob("*.eml")]

    @cached_property
    def letters(self) -> list[Letter]:
        """The calendar objects in the folder, in the order in which they came: a clock may have been set back."""
        found = [letter for mail in self.mails for letter in mail.letters]
        return sorted(found, key=lambda letter: (letter.arrived, letter.stamp, letter.sequence))

    @property
    def mailed(self) -> Sequence[str]:
        """The Message-IDs in the folder."""
        return [mail.message_id for mail in self.mails]


def _seats_within_the_rule(state: State) -> Iterator[str]:
    """At every moment that was ever committed, as the journal tells them.

    Only an organiser's own hand goes beyond the rule, and then the seat is marked.
    """
    rows = {row.id: row for row in state.registrations}
    for room, heard in walk(state.heard):
        told = heard.told
        if not room.is_new_seat(heard) or (told.id, heard.at) in state.handed_over:
            continue
        if any(plan.admits(room.seated, told.target_group, heard.at) for plan in state.plans[told.meeting_id]):
            continue
        if (told.id, heard.at) not in state.by_hand:
            yield f"{told.id} got a seat beyond the rule"
        elif state.last_acts[told.id].at == heard.at and not rows[told.id].override_reason:
            yield f"{told.id} sits beyond the rule and is not marked"


def _nobody_passed_over(state: State) -> Iterator[str]:
    for room, heard in walk(state.heard):
        told = heard.told
        given = {(told.id, heard.at)} & (state.by_hand | state.handed_over)
        if room.is_new_seat(heard) and not given and not heard.is_last_moment:
            for group in room.before(told.id):
                if all(plan.admits(room.seated, group, heard.at) for plan in state.plans[told.meeting_id]):
                    yield f"{told.id} overtook somebody of {group}"
    for meeting_id, room in rooms_after(state.heard).items():
        meeting, plan = state.meetings[meeting_id], state.plans[meeting_id][-1]
        stands_still = plan.promotion == "manual" or state.now >= meeting.starts_at - LAST_MOMENT
        if meeting.status != "published" or stands_still:
            continue
        for id_, group in room.line.items():
            if plan.admits(room.seated, group, state.now):
                yield f"{id_} waits while the rule would admit them"


def _everything_answered_is_stored(state: State) -> Iterator[str]:
    stored = {(row.meeting_id, row.address_key): row for row in state.registrations}
    for meeting_id, email in state.answered:
        if (meeting_id, email) not in stored:
            yield f"the sign-up of {email} was answered and is gone"
    last = {heard.told.id: heard.told.status for heard in state.heard}
    for row in state.registrations:
        wrote = state.last_acts[row.id].to_status if row.id in state.last_acts else None
        if not row.status == last.get(row.id) == wrote:
            yield f"{row.id} is {row.status}, was told as {last.get(row.id)}, went down as {wrote}"
    for meeting in state.meetings.values():
        yield from _counters(meeting, [row for row in state.registrations if row.meeting_id == meeting.id])


def _counters(meeting: Any, rows: Rows) -> Iterator[str]:
    """What the counters of a meeting say is what one counts."""
    mode = meeting.facts["attendanceMode"]
    seated = Counter(row.target_group for row in rows if is_seated(row.status, row.kind, row.attendance, mode))
    waiting = Counter(row.target_group for row in rows if row.waits_for == "seat")
    online = [row for row in rows if mode == "mixed" and is_seated(row.status, row.kind, row.attendance, "online")]
    counted = (seated, waiting, len(online) - seated.total() if mode == "mixed" else 0)
    awaited = sum(row.waits_for == "online" for row in rows)
    kept = (Counter(meeting.taken), Counter(meeting.waiting), meeting.online_taken)
    if (*kept, meeting.online_waiting) != (*counted, awaited):
        yield f"the counters of {meeting.slug} are wrong"


def _seats(state: State) -> Iterator[tuple[str, str]]:
    """Meeting and address of everyone who has a seat, or is offered one."""
    for row in state.registrations:
        if row.status in SEATED and row.address_key and state.meetings[row.meeting_id].status != "cancelled":
            yield row.meeting_id, row.address_key


def _talks(state: State) -> Iterator[tuple[str, str]]:
    """Talk and address of both who agreed on one: in their calendars its id stands where a meeting's would."""
    addresses = {row.id: row.address_key for row in state.rows["registration"]["profile"]}
    for talk in state.rows["registration"]["sparring"]:
        if talk.starts_at and talk.status != "ended":
            yield from ((talk.id, addresses[who]) for who in (talk.asker_id, talk.asked_id) if who)


def _one_entry_per_seat(state: State) -> Iterator[str]:
    """Play all mail into calendars that know nothing else but what their users said no to, and look what they hold.

    An offered seat stands there too; of those who share a mailbox each has an entry. Mail that is past its term does
    not lie in the folder any more, so whoever was told something before that last is left out.
    """
    newest: dict[str, tuple[int, str]] = {}
    held: dict[str, str] = {}
    for letter in state.letters:
        place, last = (letter.sequence, letter.stamp), newest.get(letter.uid, (-1, ""))
        if place == last or letter.sequence < last[0]:
            yield f"{letter.uid} was told SEQUENCE {letter.sequence} after {last}"
        newest[letter.uid] = place
        if letter.method == "REQUEST":
            held[letter.uid] = letter.recipient
        else:
            held.pop(letter.uid, None)
    invitations = {row.uid: row for row in state.rows["notifications"]["invitation"]}
    for uid in newest.keys() - invitations.keys():
        yield f"{uid} was mailed and nobody knows it"
    for uid in held.keys() & invitations.keys():
        answer = invitations[uid]
        if answer.answer == "declined" and answer.answer_sequence >= newest[uid][0]:
            del held[uid]
    entries = Counter((invitations[uid].meeting_id, to.lower()) for uid, to in held.items() if uid in invitations)
    wanted = Counter([*_seats(state), *_talks(state)])
    since = state.now - Periods().of(MAIL_KEPT)
    past = {(row.meeting_id, row.address) for row in invitations.values() if row.told_at and row.told_at < since}
    for meeting_id, address in {*entries, *wanted} - past:
        if address not in state.refused and entries[meeting_id, address] != wanted[meeting_id, address]:
            yield f"{address} holds {entries[meeting_id, address]} entries for {wanted[meeting_id, address]} seats"
    yield from _mail_in_order(state)


def _mail_in_order(state: State) -> Iterator[str]:
    sent = [mail for mail in state.rows["notifications"]["outgoing_mail"] if mail.status in _LEFT]
    said = Counter(
        (mail.invitation_id, mail.sequence) for mail in sent if mail.invitation_id and mail.kind not in TOLD_ONCE_MORE
    )
    for (invitation_id, sequence), times in said.items():
        if times > 1:
            yield f"SEQUENCE {sequence} of {invitation_id} was sent {times} times"
    newest: dict[str, int] = {}
    for row in sorted(state.rows["notifications"]["outbox"], key=lambda row: row.position):
        if row.type == "invitation.sent":
            invitation_id, sequence = row.payload["invitationId"], row.payload["sequence"]
            if sequence < newest.get(invitation_id, -1):
                yield f"SEQUENCE {sequence} of {invitation_id} was sent after {newest[invitation_id]}"
            newest[invitation_id] = sequence
    files = Counter(state.mailed)
    # one that arrived while its sender died, so that nobody heard of it, may be overtaken before it is tried again
    overtaken = {mail.message_id for mail in state.rows["notifications"]["outgoing_mail"] if mail.status == "replaced"}
    kept = Counter(mail.message_id for mail in sent if mail.recipient)  # after its term there is neither file nor whose
    is_restored = any(row.name == "epoch" for row in state.rows["notifications"]["setting"])  # and forgot some
    if kept - files or (files - kept - Counter(overtaken) and not is_restored):
        yield f"{kept.total()} mails were sent, and {files.total()} files lie in the folder"


def _every_event_once_and_in_order(known: Known) -> Iterator[str]:
    for publisher, tables in known.rows.items():
        journal = tables["outbox"]
        if unpublished := [row.type for row in journal if row.published_at is None]:
            yield f"{publisher} has not published {Counter(unpublished)}"
        versions: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in sorted(journal, key=lambda row: row.position):
            versions[row.aggregate, row.aggregate_id].append(row.version)
        for stream, found in versions.items():
            if found != list(range(1, len(found) + 1)):
                yield f"{publisher} told {stream} as versions {found}"
        for receiver in known.rows.keys() - {publisher}:
            yield from _heard(known, publisher, receiver, versions)
    yield from _copies_agree(known)


def _heard(
    known: Known, publisher: str, receiver: str, versions: Mapping[tuple[str, str], Sequence[int]]
) -> Iterator[str]:
    """What was told before the publisher was put back to an older state stays heard, though its journal forgot it."""
    epoch = max((int(row.value) for row in known.rows[publisher]["setting"] if row.name == "epoch"), default=1)
    inbox = [row for row in known.rows[receiver]["inbox"] if row.publisher == publisher and not is_unreadable(row.id)]
    told, heard = known.rows[publisher]["outbox"], {row.id for row in inbox}
    lacking = [row for row in told if row.id not in heard and row.version >= _newest_state(inbox, row)]
    more = {row.id for row in inbox if row.epoch >= epoch} - {row.id for row in told}
    if lacking or more:
        yield f"{receiver} lacks {len(lacking)} events of {publisher}, and has {len(more)} too many"
    last = {stream: max(found) for stream, found in versions.items()}
    for row in known.rows[receiver]["seen"]:
        if row.publisher == publisher and not is_unreadable(row.aggregate_id):
            version = last.pop((row.aggregate, row.aggregate_id), 0)
            if row.version < version or (row.version > version and row.epoch >= epoch):
                yield f"{receiver} has seen {publisher} to version {row.version} of {version}"
    if last:
        yield f"{receiver} has not seen {publisher} to the end"


def is_unreadable(id_: str) -> bool:
    """Whether this is what an inbox calls something that is no event at all."""
    return id_.startswith("unreadable-")


def _newest_state(inbox: Rows, told: Any) -> int:
    """The version of the newest event that says all about this thing: who has it need not have those before it.

    Nor do they, where a copy was made again from what its owner says last.
    """
    states = {name for name, contract in CONTRACTS.items() if contract.carries_state}
    mine = (row for row in inbox if (row.aggregate, row.aggregate_id) == (told.aggregate, told.aggregate_id))
    return max((row.version for row in mine if {row.type, told.type} <= states), default=0)


def _copies_agree(known: Known) -> Iterator[str]:
    """What an event lost, doubled or out of order would leave behind."""
    for receiver in ("registration", "notifications"):
        copies = {row.id: (row.revision, row.status) for row in known.rows[receiver]["meeting"]}
        facts = {
            row.id: (row.revision, row.status) for row in known.rows["catalog"]["meeting"] if row.status != "draft"
        }
        if copies != facts:
            yield f"{receiver} has another opinion of the meetings than catalog"
    statuses = {row.id: row.status for row in known.rows["notifications"]["registration"]}
    if statuses != {row.id: row.status for row in known.registrations}:
        yield "notifications has another opinion of the registrations than registration"


def _nothing_waits_for_a_human(state: State) -> Iterator[str]:
    for service, tables in state.rows.items():
        if stuck := Counter(row.state for row in tables["inbox"] if row.state != "done"):
            yield f"in the inbox of {service}: {dict(stuck)}"
        if late := [row.kind for row in tables["due"] if row.at <= state.now]:
            yield f"{service} has not done what is due: {late}"
    mails = Counter(
        row.status
        for row in state.rows["notifications"]["outgoing_mail"]
        if not (row.status == "failed" and row.recipient in state.refused)
    )
    if mails.keys() - {*_LEFT, "replaced"}:
        yield f"mail: {dict(mails)}"


@cache
def _read(path: Path, arrived: int) -> Mail:
    """Each file once, however often somebody looks: a thousand mails take seconds to read, and none of them changes."""
    mail = message_from_bytes(path.read_bytes(), policy=default)
    message_id = str(mail["Message-ID"]).strip()  # folded if long
    return Mail(message_id, tuple(_letters(mail, arrived)))


def _letters(mail: EmailMessage, arrived: int) -> Iterator[Letter]:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            source = cast("bytes", part.get_payload(decode=True)).decode().replace("\r\n ", "")
            lines = dict(line.split(":", 1) for line in source.splitlines() if ":" in line)
            to = mail["To"].addresses[0].addr_spec
            if lines["METHOD"] == "DECLINECOUNTER":
                continue  # changes no calendar
            yield Letter(to, lines["METHOD"], lines["UID"], int(lines["SEQUENCE"]), lines["DTSTAMP"], arrived)
