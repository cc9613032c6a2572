"""``make faults``: inject each fault, check the invariants, and say how long it took until all was well.

make faults                                every fault where it applies, in under ten minutes
make faults FAULTS="--only broker"         those whose name says so
make faults FAULTS="--seed 7"              with other dice; the same seed throws the same again
make faults FAULTS="--random 30"           faults in any order on the processes of production, for 30 minutes
make faults FAULTS="--fire 300"            sign-ups under fire for so many seconds
make faults FAULTS="--write docs/faults.md"    keep the table
"""

import argparse
import logging
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from time import monotonic

from shared.logs import set_up_logs
from shared.times import utc_now
from tests.faults.fault import Fault
from tests.faults.fire import under_fire
from tests.faults.machine import a_machine
from tests.faults.report import Row, head, kept, line, progress, write
from tests.faults.rounds import FAULTS, embedded_rounds, machine_rounds, random_rounds, server_rounds
from tests.faults.side_by_side import SharedOut, side_by_side


def main(words: list[str]) -> int:
    """Print a line per fault; 1 if anything stayed broken."""
    asked = _asked(words)
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: who is started in the background inherits it ignored
        signal.signal(number, lambda *_: sys.exit(1))
    set_up_logs("console", logging.CRITICAL)  # what the services say about the faults is not the point here
    load, began, rows = os.getloadavg()[0], monotonic(), list[Row]()
    print(f"seed {asked.seed}, load {load:.1f}\n\n{head()}")
    with tempfile.TemporaryDirectory(prefix="kring-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # a server's own user must pass
        for row in _rows(folder, asked):
            rows.append(row)
            print(line(row), flush=True)
    seconds = monotonic() - began
    broken = sum(bool(row.broken) for row in rows)
    print(f"\n{len(rows)} faults in {seconds / 60:.1f} minutes, {broken or 'none'} of them not healed")
    if asked.write:
        write(kept(rows, asked.seed, utc_now(), seconds, load), asked.write)
    return int(broken > 0)


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=re.compile, default="", metavar="PATTERN", help="faults whose name matches")
    parser.add_argument("--on", choices=["embedded", "servers", "processes"], help="only there")
    parser.add_argument("--random", type=float, metavar="MINUTES")
    parser.add_argument("--fire", type=float, metavar="SECONDS")
    parser.add_argument("--write", type=Path, metavar="FILE")
    return parser.parse_args(words)


def _rows(folder: Path, asked: argparse.Namespace) -> Iterator[Row]:
    if asked.fire:
        return under_fire(folder / "fire", asked.fire)
    if asked.random:
        return _at_random(folder / "machine", asked)
    faults = [fault for fault in FAULTS if asked.on in (None, "processes") and asked.only.search(fault.name)]
    left = SharedOut(faults)
    return side_by_side([lambda: _on_a_machine(folder / "one", asked, left), lambda: _all(folder, asked, left)])


def _all(folder: Path, asked: argparse.Namespace, left: Iterator[Fault]) -> Iterator[Row]:
    """What is done to one process, and then, on a second machine, a share of what is left of the rest."""
    if asked.on in (None, "embedded"):
        yield from embedded_rounds(folder, asked.seed, asked.only)
    if asked.on in (None, "servers"):
        yield from server_rounds(folder, asked.seed, asked.only)
    yield from _on_a_machine(folder / "two", asked, left)


def _on_a_machine(folder: Path, asked: argparse.Namespace, left: Iterator[Fault]) -> Iterator[Row]:
    for first in left:  # without one, no machine is started
        progress("starting the processes of production")
        with a_machine(folder) as machine:
            yield from machine_rounds(machine, asked.seed, chain([first], left))


def _at_random(folder: Path, asked: argparse.Namespace) -> Iterator[Row]:
    progress("starting the processes of production")
    with a_machine(folder) as machine:
        yield from random_rounds(machine, asked.seed, asked.random)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
