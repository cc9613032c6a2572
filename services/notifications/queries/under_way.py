"""How far mail to many is: messages to those who signed up, and campaigns that still invite."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import Reach, in_regions
from services.notifications.queries.campaigns import Progress, progress_of
from services.notifications.rules.retry import ON_ITS_WAY

_MAIL, _MESSAGE, _CAMPAIGN, _MEETING = tables.outgoing_mail, tables.message, tables.campaign, tables.meeting

_MOST = 50
"""So many campaigns and messages are followed at once; there are never more than a few."""


@dataclass(frozen=True)
class MessageProgress:
    """A message to those of one meeting who signed up, and how many of its mails are in which status."""

    id: str
    meeting_id: str
    subject: str
    mails: Counter[str]

    @property
    def total(self) -> int:
        """To how many it goes."""
        return self.mails.total()

    @property
    def waiting(self) -> int:
        """How many mails have still to leave."""
        return sum(self.mails[status] for status in ON_ITS_WAY)

    @property
    def done(self) -> int:
        """How many have left, or never will."""
        return self.total - self.waiting


@dataclass(frozen=True)
class UnderWay:
    """All mail to many about one meeting: ``facts`` as catalog told them."""

    facts: Mapping[str, Any]
    campaigns: Sequence[Progress] = ()
    messages: Sequence[MessageProgress] = field(default_factory=list)


def under_way(session: Session, reach: Reach) -> list[UnderWay]:
    """Per meeting within reach what is being sent to many at this moment; the meetings in the order of their start."""
    running = select(_CAMPAIGN).where(_CAMPAIGN.c.status.in_(("running", "paused"))).order_by(_CAMPAIGN.c.id.desc())
    campaigns = session.execute(running.limit(_MOST)).all()
    messages = _messages(session, _being_sent(session))
    about = {each.meeting_id for each in campaigns} | {each.meeting_id for each in messages}
    meetings = _within(session, reach, about)
    return [
        UnderWay(
            facts,
            [progress_of(session, each) for each in campaigns if each.meeting_id == id_],
            [each for each in messages if each.meeting_id == id_],
        )
        for id_, facts in meetings.items()
    ]


def messages_of(session: Session, meeting_id: str) -> list[MessageProgress]:
    """Everything that was written to those who signed up for a meeting, the newest first."""
    return _messages(session, [meeting_id])


def _being_sent(session: Session) -> list[str]:
    """The meetings of which messages have still to leave."""
    waiting = select(_MAIL.c.meeting_id).where(_MAIL.c.status.in_(ON_ITS_WAY), _MAIL.c.kind == "message").distinct()
    return [meeting_id for meeting_id in session.scalars(waiting.limit(_MOST)) if meeting_id]


def _messages(session: Session, meeting_ids: Collection[str]) -> list[MessageProgress]:
    written = _MAIL.c.about["message"].as_string().label("message_id")
    theirs = (_MAIL.c.meeting_id.in_(list(meeting_ids)), _MAIL.c.kind == "message")
    counted: dict[str, Counter[str]] = {}
    for message_id, status, count in session.execute(
        select(written, _MAIL.c.status, func.count()).where(*theirs).group_by(written, _MAIL.c.status)
    ):
        counted.setdefault(message_id, Counter())[status] = count
    known = select(_MESSAGE.c.id, _MESSAGE.c.meeting_id, _MESSAGE.c.subject).where(_MESSAGE.c.id.in_(list(counted)))
    return [MessageProgress(*row, counted[row.id]) for row in session.execute(known.order_by(_MESSAGE.c.id.desc()))]


def _within(session: Session, reach: Reach, meeting_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The facts of those of these meetings that are within reach, by id, the next one first."""
    named = _MEETING.c.id.in_(list(meeting_ids))
    rows = session.execute(select(_MEETING.c.id, _MEETING.c.facts).where(named, in_regions(reach))).all()
    reached: dict[str, Mapping[str, Any]] = {row.id: row.facts for row in rows}
    return dict(sorted(reached.items(), key=lambda each: str(each[1]["startsAt"])))
