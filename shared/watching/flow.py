"""What waits in the flow of events and in due work, and who leads what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import Metric
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from shared.db.base import FlowTables
from shared.watching.findings import Backlog, Finding, Values, gauge

UNHANDLED = ("retry", "waiting", "gap", "parked", "dead")
"""The states of the inbox in which an event is not handled."""

GIVEN_UP = ("parked", "dead")
"""Those of which nothing comes unless somebody or an upgrade does something."""

PATIENCE = timedelta(minutes=1)
"""How long an event stays unpublished before somebody should look."""

LATE = timedelta(minutes=5)
"""How long due work may lie before somebody should look."""


@dataclass(frozen=True)
class FlowSource:
    """The flow of events of one service, and what it has to do at moments."""

    service: str
    flow: FlowTables

    def figures(self, session: Session, now: datetime) -> Iterable[Metric]:
        """Outbox, inbox, due work and leases."""
        outbox, inbox, due = self._unpublished(session), self._unhandled(session), self._late(session, now)
        counts = {(state,): waits.count for state, waits in inbox.items()}
        ages = {(state,): waits.seconds(now) for state, waits in inbox.items()}
        late = {(kind,): waits.count for kind, waits in due.items()}
        digests = {(row.publisher, row.aggregate or "recent"): row for row in self._digests(session)}
        yield from (
            self._gauge("outbox_unpublished_events", "Events still to be published", {(): outbox.count}),
            self._gauge("outbox_oldest_unpublished_seconds", "Age of the oldest of them", {(): outbox.seconds(now)}),
            self._gauge("inbox_unhandled_events", "Events that came in and are not handled", counts, "state"),
            self._gauge("inbox_oldest_unhandled_seconds", "Age of the oldest of them", ages, "state"),
            self._gauge("due_late_tasks", "Work whose moment has passed", late, "kind"),
            self._gauge("due_oldest_late_seconds", "How late the latest is", {(): _all(due.values()).seconds(now)}),
            self._gauge(
                "digest_agrees",
                "Whether we know what another service told, by kind; recent: all events of a day",
                {kind: row.agrees for kind, row in digests.items()},
                "publisher",
                "aggregate",
            ),
            self._gauge(
                "digest_replays",
                "How often it was asked to be told again since it agreed last",
                {kind: row.heals for kind, row in digests.items()},
                "publisher",
                "aggregate",
            ),
            self._gauge(
                "lease_remaining_seconds",
                "How long who leads still leads",
                self._leases(session, now),
                "lease",
                "holder",
            ),
        )

    def findings(self, session: Session, now: datetime) -> Mapping[str, Finding]:
        """``outbox``, ``inbox``, ``due`` and ``digests``."""
        unhandled = self._unhandled(session)
        late = _all(self._late(session, now).values())
        return {
            "outbox": self._unpublished(session).finding("events", now, PATIENCE),
            "inbox": _given_up(sum(unhandled[state].count for state in GIVEN_UP)),
            "due": late.finding("tasks", now, LATE),
            "digests": _agreement(self._digests(session)),
        }

    def _unpublished(self, session: Session) -> Backlog:
        outbox = self.flow.outbox
        waiting = select(func.count(), func.min(outbox.c.occurred_at)).where(outbox.c.published_at.is_(None))
        return Backlog(*session.execute(waiting).one())

    def _unhandled(self, session: Session) -> Mapping[str, Backlog]:
        inbox = self.flow.inbox
        rows = session.execute(
            select(inbox.c.state, func.count(), func.min(inbox.c.received_at))
            .where(inbox.c.state.in_(UNHANDLED))
            .group_by(inbox.c.state)
        )
        return {state: Backlog() for state in UNHANDLED} | {row[0]: Backlog(row[1], row[2]) for row in rows}

    def _late(self, session: Session, now: datetime) -> Mapping[str, Backlog]:
        due = self.flow.due
        late = select(due.c.kind, func.count(), func.min(due.c.at)).where(due.c.at < now).group_by(due.c.kind)
        return {row[0]: Backlog(row[1], row[2]) for row in session.execute(late)}

    def _leases(self, session: Session, now: datetime) -> Values:
        """Seconds by lease and holder, without the part that is new at each start of the holder."""
        lease = self.flow.lease
        rows = session.execute(select(lease).where(lease.c.name != "inbox"))  # that one is a lock
        return {(row.name, ":".join(row.holder.split(":")[:2])): (row.until - now).total_seconds() for row in rows}

    def _digests(self, session: Session) -> Sequence[Row[Any]]:
        return session.execute(select(self.flow.digest)).all()

    def _gauge(self, name: str, about: str, values: Values, *labels: str) -> Metric:
        return gauge(f"kring_{name}", about, self.service, values, *labels)


def _all(backlogs: Iterable[Backlog]) -> Backlog:
    """Several as one."""
    found = list(backlogs)
    return Backlog(
        sum(each.count for each in found), min((each.since for each in found if each.since is not None), default=None)
    )


def _agreement(digests: Sequence[Row[Any]]) -> Finding:
    differ = [f"{row.aggregate or 'events'} of {row.publisher}" for row in digests if row.differs > 1]
    if not differ:
        return Finding("pass", "we know what the others told")
    return Finding("warn", f"differs, and is asked for: {', '.join(sorted(differ))}")


def _given_up(count: int) -> Finding:
    if not count:
        return Finding("pass", "nothing is parked or dead")
    return Finding("warn", f"{count} events are parked or dead: `parked list` tells why")
