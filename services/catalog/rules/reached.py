"""Which organisations took part, from the counts after each meeting."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.catalog.rules.organisations import COUNTED, current
from services.catalog.rules.references import Reference


@dataclass(frozen=True)
class Attended:
    """How many of one organisation (its code; empty: any other) and target group were at the meetings of a year."""

    organisation: str
    target_group: str
    year: int
    registered: int
    attended: int
    no_show: int


@dataclass(frozen=True)
class ReachFilter:
    """What is asked for; what is None narrows nothing. ``region`` is where the organisation lies, not the meeting."""

    kind: str | None = None
    region: str | None = None
    target_group: str | None = None
    year: int | None = None

    def fits_count(self, count: Attended) -> bool:
        """Whether these people are asked for."""
        return self.target_group in (None, count.target_group) and self.year in (None, count.year)

    def fits(self, organisation: Reference) -> bool:
        """Whether this organisation is asked for: of a kind of which all are known, in the region."""
        kinds = COUNTED if self.kind is None else (self.kind,)
        return organisation.organisation_kind in kinds and self.region in (None, organisation.region)


@dataclass(frozen=True)
class Presence:
    """How an organisation took part: in which ``years``, and how many of its people; without years it never did."""

    organisation: Reference
    years: tuple[int, ...] = ()
    registered: int = 0
    attended: int = 0
    no_show: int = 0


def presences(
    there: Iterable[Reference], known: Mapping[str, Reference], counts: Iterable[Attended], asked: ReachFilter
) -> list[Presence]:
    """How each of the organisations ``there`` that are asked for took part, in their order.

    What an organisation did that was merged into another (``known`` holds both) counts for the one it became.
    """
    of_one: dict[str, list[Attended]] = defaultdict(list)
    for count in counts:
        if asked.fits_count(count):
            of_one[current(count.organisation, known)].append(count)
    return [_presence(each, of_one[each.code]) for each in there if asked.fits(each)]


def people(counts: Iterable[Attended]) -> dict[tuple[str, int], int]:
    """How many came, of whatever organisation, by target group and year: each of them in one number only."""
    came: dict[tuple[str, int], int] = defaultdict(int)
    for count in counts:
        came[count.target_group, count.year] += count.attended
    return came


def tally(found: Collection[Presence], region: str | None = None) -> tuple[int, int]:
    """How many of these organisations took part, and how many there are; with ``region`` only of those there."""
    here = [each for each in found if region in (None, each.organisation.region)]
    return sum(bool(each.years) for each in here), len(here)


def _presence(organisation: Reference, counts: Collection[Attended]) -> Presence:
    return Presence(
        organisation,
        years=tuple(sorted({count.year for count in counts if count.attended})),
        registered=sum(count.registered for count in counts),
        attended=sum(count.attended for count in counts),
        no_show=sum(count.no_show for count in counts),
    )
