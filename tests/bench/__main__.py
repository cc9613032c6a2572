"""The benchmarks: each figure beside its limit, measured in the same run.

    python -m tests.bench            some minutes
    python -m tests.bench --quick    under thirty seconds, for a first impression

Absolute figures drift from machine to machine and from hour to hour; the shares are what may be quoted. The table goes
to stdout and into ``build/bench.md``.
"""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from shared.logs import set_up_logs
from tests.bench.feeds import feed_rows
from tests.bench.figures import Row, table
from tests.bench.finding import finding_rows
from tests.bench.flow import flow_rows
from tests.bench.growth import growth_rows
from tests.bench.imports import import_rows
from tests.bench.in_process import in_process_rows
from tests.bench.lists import list_rows
from tests.bench.mails import mail_rows
from tests.bench.outgoing import outgoing_rows
from tests.bench.programs import ROOT, temporary_folder
from tests.bench.replies import reply_rows
from tests.bench.sign_up import embedded_rows, postgres_rows, sqlite_rows
from tests.bench.sizes import FULL, QUICK, Sizes
from tests.bench.spread import spread_rows


def measure(sizes: Sizes) -> Iterator[Row]:
    """Everything, row by row as it is known."""
    with temporary_folder() as folder:
        yield from mail_rows(folder / "mails", sizes)
        yield from outgoing_rows(folder / "outgoing", sizes)
        yield from list_rows(folder / "lists", sizes)
        yield from import_rows(folder / "imports", sizes)
        yield from reply_rows(folder / "replies", sizes)
        yield from embedded_rows(folder / "embedded", sizes)
        yield from sqlite_rows(folder / "sqlite", sizes)
        yield from in_process_rows(folder / "in-process", sizes)
        yield from postgres_rows(folder / "registration", sizes)
        yield from spread_rows(folder / "spread", sizes)
        yield from feed_rows(folder / "catalog", sizes)
        yield from finding_rows(folder / "finding", sizes)
        yield from growth_rows(folder / "growth", sizes)
        yield from flow_rows(folder / "flow", sizes)


def main(words: list[str]) -> int:
    """Print the table and keep it; 2 for words it does not know."""
    if words not in ([], ["--quick"]):
        print(__doc__, file=sys.stderr)
        return 2
    set_up_logs("json", logging.ERROR)  # what is asked in this process is not worth a line each
    rows = []
    for row in measure(QUICK if words else FULL):
        print(f"  {row.name}: {row.timed.per_second:,.0f} per second", file=sys.stderr, flush=True)
        rows.append(row)
    text = table(rows)
    kept = ROOT / "build" / "bench.md"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC{', quickly' if words else ''}\n\n{text}")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
