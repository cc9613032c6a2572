"""What was lived, kept so that it can be gone on with: a line for each range of seeds, and a page that sums them up."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from tests.simulation.life import Told

_IN_A_LINE = 20
"""So many lives share a line; as many are lived again where a run was broken off."""

GOAL = 1_000_000
"""So many sign-ups are to be lived through."""


@dataclass
class Total:
    """What some lives were together; ``broken`` says of each seed that did not hold what did not."""

    lives: int = 0
    broken: dict[str, list[str]] = field(default_factory=dict)
    sign_ups: int = 0
    refused: int = 0
    registered: int = 0
    events: int = 0
    mails: int = 0
    faults: dict[str, int] = field(default_factory=dict)

    def add(self, told: Told) -> None:
        """Count one more life."""
        broken = {str(told.seed): list(told.wrong)} if told.wrong else {}
        self.include(
            Total(1, broken, told.sign_ups, told.refused, told.registered, told.events, told.mails, dict(told.faults))
        )

    def include(self, other: "Total") -> None:
        """Count those of ``other`` too."""
        self.broken |= other.broken
        self.faults = dict(Counter(self.faults) + Counter(other.faults))
        for name in ("lives", "sign_ups", "refused", "registered", "events", "mails"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        return (
            f"{self.lives:,} lives, {len(self.broken)} of them broken: {self.sign_ups:,} sign-ups,"
            f" {self.events:,} events, {self.mails:,} mails, {sum(self.faults.values()):,} faults"
        )


@dataclass(frozen=True)
class Line:
    """The lives of the seeds from ``first`` on, with the code of ``commit``."""

    first: int
    commit: str
    on: str
    total: Total


@dataclass
class Record:
    """The lines in a file, and those to come. Lives end in any order, and are written down in that of their seeds."""

    path: Path
    commit: str
    today: date
    _ended: dict[int, Told] = field(default_factory=dict)

    @property
    def lines(self) -> Sequence[Line]:
        """What is written down."""
        if not self.path.exists():
            return []
        read = map(json.loads, self.path.read_text(encoding="utf-8").splitlines())
        return [Line(**{**each, "total": Total(**each["total"])}) for each in read]

    @property
    def next_seed(self) -> int:
        """The first that is not written down."""
        return max((line.first + line.total.lives for line in self.lines), default=0)

    @property
    def total(self) -> Total:
        """The sum of all lines."""
        total = Total()
        for line in self.lines:
            total.include(line.total)
        return total

    def add(self, told: Told) -> bool:
        """Keep one more life; tells whether that completed a line."""
        self._ended[told.seed] = told
        first = self.next_seed
        seeds = range(first, first + _IN_A_LINE)
        if not self._ended.keys() >= set(seeds):
            return False
        self._write(first, [self._ended.pop(seed) for seed in seeds])
        return True

    def _write(self, first: int, lives: Iterable[Told]) -> None:
        total = Total()
        for told in lives:
            total.add(told)
        line = asdict(Line(first, self.commit, self.today.isoformat(), total))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def page(self) -> str:
        """The whole as a page of the documentation."""
        total, lines = self.total, self.lines
        commits = list(dict.fromkeys(line.commit for line in lines))
        broken = [f"- seed {seed}: {words}" for seed, found in total.broken.items() for words in found]
        return "\n".join(
            [
                "# What came of lives that were drawn from a seed",
                "",
                "`python -m tests.simulation --record` lives large lives one after the other and goes on where the",
                "last run ended; what came of them stands in `tests/simulation/lived.jsonl`, and this page sums it",
                "up. How a life is made: [ADR 0048](decisions/0048-lives-drawn-from-a-seed.md). Any is lived again by",
                "`python -m tests.simulation --large --seeds 1 --from SEED`.",
                "",
                "| | |",
                "|---|---:|",
                f"| lives, of the seeds 0 to {max(0, total.lives - 1):,} | {total.lives:,} |",
                f"| sign-ups | {total.sign_ups:,} |",
                f"| of which answered that there is no seat | {total.refused:,} |",
                f"| registrations at the end | {total.registered:,} |",
                f"| events | {total.events:,} |",
                f"| mails | {total.mails:,} |",
                f"| faults | {sum(total.faults.values()):,} |",
                f"| lives in which anything was lost, above the plan or out of order | {len(total.broken)} |",
                "",
                "The other sign-ups are of people who have a seat or wait for one, some not for the first time. The",
                f"aim is {GOAL:,} sign-ups; a run may be broken off at any moment.",
                "",
                *(["What did not hold:", "", *broken, ""] if broken else []),
                "| fault | times |",
                "|---|---:|",
                *(f"| {fault} | {times:,} |" for fault, times in sorted(total.faults.items())),
                "",
                f"Lived from {lines[0].on} to {lines[-1].on}, with the code of {', '.join(commits)}." if lines else "",
                "",
            ]
        )
