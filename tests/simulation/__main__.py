"""``python -m tests.simulation``: live many lives in several processes, or find the bugs that are planted.

python -m tests.simulation --seeds 5000                 as many small lives
python -m tests.simulation --sign-ups 1000000 --large   large ones, until so many people signed up
python -m tests.simulation --from 1234 --seeds 1        a seed again: what it did, step by step
python -m tests.simulation --record --sign-ups 1000000  go on with those of docs/simulation.md, until so many
python -m tests.simulation --plants                     which planted bug is found by which seed
"""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import check_output
from time import monotonic

import click

from shared.logs import set_up_logs
from tests.simulation.errands import lives
from tests.simulation.life import LARGE, SMALL, Size, live
from tests.simulation.plants import MOST_SEEDS, PLANTS, found_by
from tests.simulation.record import GOAL, Record, Total
from tests.simulation.village import village

LIVED, PAGE = Path(__file__).with_name("lived.jsonl"), Path(__file__).parents[2] / "docs" / "simulation.md"


@click.command()
@click.option("--seeds", default=1000, help="How many lives.")
@click.option("--from", "first", default=0, help="The first seed.")
@click.option("--sign-ups", type=int, help="Go on until so many people signed up, instead of a number of lives.")
@click.option("--large", "size", flag_value="large", help="Hundreds of people in each life.")
@click.option("--small", "size", flag_value="small", default="small", help="A few people in each life.")
@click.option("--processes", default=os.cpu_count() or 1)
@click.option("--plants", is_flag=True, help="Look for the planted bugs instead.")
@click.option("--record", "is_kept", is_flag=True, help="Go on after the large lives that are written down.")
@click.option("--traces", is_flag=True, help="Print what each life can be told by.")
def main(  # noqa: PLR0913, PLR0917  # the options
    seeds: int,
    first: int,
    sign_ups: int | None,
    size: str,
    processes: int,
    plants: bool,  # noqa: FBT001  # an option
    is_kept: bool,  # noqa: FBT001  # an option
    traces: bool,  # noqa: FBT001  # an option
) -> None:
    """Ends with 1 where anything does not hold."""
    set_up_logs("console", logging.CRITICAL)  # what the services say about the faults is not the point here
    if plants:
        sys.exit(_look_for_plants())
    if is_kept:
        sys.exit(_record(sign_ups or GOAL, processes))
    chosen = LARGE if size == "large" else SMALL
    if seeds == 1:
        sys.exit(_one(first, chosen, traces=traces))
    total = Total()
    began = monotonic()
    with click.progressbar(length=sign_ups or seeds, file=sys.stderr, label="sign-ups" if sign_ups else "lives") as bar:
        for told in lives(first, None if sign_ups else seeds, chosen, processes):
            total.add(told)
            bar.update(told.sign_ups if sign_ups else 1)
            if told.wrong:
                click.echo(f"\nseed {told.seed}: " + "\n  ".join(told.wrong))
            if traces:
                click.echo(f"{told.seed} {told.trace}")
            if sign_ups and total.sign_ups >= sign_ups:
                break
    click.echo(f"{total} in {monotonic() - began:,.0f} seconds")
    sys.exit(int(bool(total.broken)))


def _record(sign_ups: int, processes: int) -> int:
    """Live on after the lives that are written down, until they are of so many sign-ups."""
    commit = check_output(["git", "describe", "--always", "--dirty"], text=True, cwd=LIVED.parent).strip()
    record = Record(LIVED, commit, datetime.now(UTC).date())
    done = record.total.sign_ups
    with click.progressbar(length=sign_ups, file=sys.stderr, label="sign-ups") as bar:
        bar.update(min(done, sign_ups))
        while record.total.sign_ups < sign_ups:
            for told in lives(record.next_seed, None, LARGE, processes):
                bar.update(told.sign_ups)
                if record.add(told):
                    PAGE.write_text(record.page(), encoding="utf-8")
                    if record.total.sign_ups >= sign_ups:
                        break
    click.echo(record.total)
    return int(bool(record.total.broken))


def _one(seed: int, size: Size, *, traces: bool) -> int:
    """Live one life and print its steps."""
    told = live(village(), seed, size)
    click.echo("\n".join([f"{seed} {told.trace}"] if traces else [*told.steps, *told.wrong, f"trace {told.trace}"]))
    return int(bool(told.wrong))


def _look_for_plants() -> int:
    missed = 0
    click.echo(f"{'planted bug':<46} {'found by seed':<14} {'after':<9} what does not hold")
    for name, plant in PLANTS.items():
        began = monotonic()
        told = found_by(plant)
        missed += told is None
        seed, words = (
            (f"{told.seed}", told.wrong[0].partition("\n")[0][:100]) if told else (f"none of {MOST_SEEDS}", "")
        )
        click.echo(f"{name:<46} {seed:<14} {monotonic() - began:5.1f} s   {words}")
    return int(missed > 0)


if __name__ == "__main__":
    main()
