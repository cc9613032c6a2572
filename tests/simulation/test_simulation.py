"""Thousands of small lives under faults, each judged; the same seed is the same life; every planted bug is found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.life import live
from tests.simulation.plants import MOST_SEEDS, PLANTS, found_by
from tests.simulation.village import village

ROOT = Path(__file__).parents[2]
SEEDS = int(os.environ.get("SEEDS", "1000"))
"""How many lives a run of the tests lives."""

SHARES = 4
"""They come in so many shares, which can be lived at the same moment."""


@pytest.mark.long
@pytest.mark.parametrize("share", range(SHARES))
def test_no_life_breaks_what_must_hold(share: int) -> None:
    broken = [
        f"python -m tests.simulation --seeds 1 --from {seed}: {told.wrong}"
        for seed in range(share, SEEDS, SHARES)
        if (told := live(village(), seed)).wrong
    ]
    assert broken == []


def test_a_seed_repeats_itself() -> None:
    """Also after other lives, and in another process, which hashes words otherwise."""
    seeds = range(3, 6)
    traces = [f"{seed} {live(village(), seed).trace}" for seed in seeds]
    assert len(set(traces)) == len(seeds)
    assert [f"{seed} {live(village(), seed).trace}" for seed in seeds] == traces
    again = [_elsewhere(seed, hash_seed) for seed, hash_seed in ((3, "1"), (5, "2"))]
    assert again == [traces[0], traces[2]]


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_found(plant: str) -> None:
    assert found_by(PLANTS[plant]), f"none of {MOST_SEEDS} seeds found it"


def _elsewhere(seed: int, hash_seed: str) -> str:
    process = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seeds", "1", "--from", str(seed), "--traces"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return process.stdout.strip()
