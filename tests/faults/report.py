"""The table: what was done, where, whether all holds, and how long it took."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

GROUNDS = ("embedded", "servers", "processes")
WIDTH, MOST_WORDS = 78, 8


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, where, what does not hold, and after how many seconds that was clear.

    ``note`` is what else was seen; ``left_out`` why it was not done.
    """

    injection: str
    ground: str
    broken: Sequence[str]
    seconds: float
    note: str = ""
    left_out: str = ""

    @property
    def verdict(self) -> str:
        if self.left_out:
            return "left out"
        return "broken" if self.broken else "hold"


def head() -> str:
    """What stands above the columns."""
    return f"{'injection':<{WIDTH}} {'ground':<9} {'I1-I5, I8':<9} until all was well"


def line(row: Row) -> str:
    """The row for a terminal, with what is broken below it."""
    seconds = row.left_out or f"{row.seconds:6.1f} s"
    first = f"{row.injection:<{WIDTH}} {row.ground:<9} {row.verdict:<9} {seconds}  {row.note}".rstrip()
    more = len(row.broken) - MOST_WORDS
    words = [*row.broken[:MOST_WORDS], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join([first, *(f"    {each}" for each in words)])


def progress(injection: str, ground: str = "") -> None:
    """What is being done now, where somebody looks."""
    if sys.stdout.isatty():
        print(f"{injection:<{WIDTH}} {ground:<9} …", end="\r", flush=True)


def kept(rows: Iterable[Row], seed: int, at: datetime, seconds: float, load: float) -> str:
    """The whole as a page of the documentation."""
    lines = [
        "# What was broken on purpose, and how long it took to heal",
        "",
        "`make faults` breaks things while people sign up, leave and are told that their meeting moved. After each",
        "fault it checks the invariants I1-I5 and I8 (`tests/faults/invariants.py`) on all three databases and on the",
        "mail that was delivered. The seconds are from the end of the fault until people were answered again and all",
        "held.",
        "",
        "*embedded* is one process with SQLite, *servers* is the services in one process on PostgreSQL and RabbitMQ,",
        "*processes* are the processes of `make stack` on servers of their own. On those, what a program waits for is",
        "shortened (`tests/faults/a_program.py`): in production a dead relay's lease takes 15 seconds instead of 3.",
        "Two installations suffer side by side.",
        "",
        f'This page was written by `make faults FAULTS="--seed {seed} --write docs/faults.md"` on {at:%d %B %Y},',
        f"in {seconds / 60:.1f} minutes on {os.cpu_count()} cores (load {load:.1f} at its beginning).",
        "",
        "| what was done | where | invariants | until all was well | also seen |",
        "|---|---|---|---:|---|",
    ]
    lines += [
        f"| {row.injection} | {row.ground} | {row.verdict} | {row.left_out or f'{row.seconds:.1f} s'} | {row.note} |"
        for row in sorted(rows, key=lambda row: GROUNDS.index(row.ground))
    ]
    return "\n".join(lines) + "\n"


def write(text: str, file: Path) -> None:
    """Keep the page, whole or not at all."""
    draft = file.with_suffix(".new")
    draft.write_text(text)
    draft.rename(file)
