"""How many came, of which organisation and in which year."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalog.queries.manifests import signed_codes
from services.catalog.queries.organisations import organisations_by_code
from services.catalog.rules.days import home_day
from services.catalog.rules.organisations import Share, current, is_there
from services.catalog.rules.reached import Attended, Presence, ReachFilter, presences, tally
from services.catalog.rules.references import Reference
from services.catalog.tables import attendance, meeting


@dataclass(frozen=True)
class ReachFacts:
    """All that is known of who took part: the counts, the organisations there are and which of them signed."""

    counts: Sequence[Attended]
    known: Mapping[str, Reference]
    there: Sequence[Reference]
    signed: set[str]

    @property
    def years(self) -> list[int]:
        """The years in which somebody came, the latest first."""
        return sorted({count.year for count in self.counts}, reverse=True)

    def now(self, code: str) -> str:
        """The organisation that the one with this code is part of now."""
        return current(code, self.known)

    def has_signed(self, each: Presence) -> bool:
        """Whether this organisation signed a manifest, and that counts."""
        return each.organisation.code in self.signed

    def presences(self, asked: ReachFilter) -> list[Presence]:
        """How each organisation that is asked for took part."""
        return presences(self.there, self.known, self.counts, asked)

    def share(self, kind: str, asked: ReachFilter) -> tuple[Share, int]:
        """How many organisations of one kind took part of those there are, and how many of them signed a manifest."""
        found = self.presences(ReachFilter(kind=kind, region=asked.region, year=asked.year))
        return Share(kind, *tally(found)), sum(self.has_signed(each) for each in found)


def reach_facts(session: Session, today: date) -> ReachFacts:
    """All that is known of reach, with the organisations and signatures that count ``today``."""
    known = organisations_by_code(session)
    there = [each for each in known.values() if is_there(each, today)]
    signed = {current(code, known) for code in signed_codes(session, today)}
    return ReachFacts(attended(session), known, there, signed)


def counted_until(session: Session) -> datetime | None:
    """When the last meeting began whose attendance was closed; None if there is none."""
    counted = select(func.max(meeting.c.starts_at)).join(attendance, meeting.c.id == attendance.c.meeting_id)
    latest: datetime | None = session.scalar(counted)
    return latest


def counted_at(session: Session) -> datetime | None:
    """When a count came in last; None if none did."""
    latest: datetime | None = session.scalar(select(func.max(attendance.c.counted_at)))
    return latest


def attended(session: Session) -> list[Attended]:
    """The counts of all meetings whose attendance was closed, added up per organisation, target group and year."""
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    counted = select(attendance, meeting.c.starts_at).join(meeting, meeting.c.id == attendance.c.meeting_id)
    for row in session.execute(counted):
        sum_ = sums[row.organisation, row.target_group, home_day(row.starts_at).year]
        for place, number in enumerate((row.registered, row.attended, row.no_show)):
            sum_[place] += number
    return [Attended(*of, *numbers) for of, numbers in sorted(sums.items())]
