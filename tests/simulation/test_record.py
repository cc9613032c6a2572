"""What was lived is gone on with, and summed."""

from datetime import date
from pathlib import Path

from tests.simulation.life import Told
from tests.simulation.record import Record

TODAY = date(2027, 1, 4)


def _told(seed: int, *wrong: str) -> Told:
    return Told(
        seed=seed,
        wrong=wrong,
        sign_ups=1000,
        refused=700,
        registered=200,
        events=300,
        mails=250,
        faults={"killed": 2, "doubled": seed % 2},
        trace="",
        steps=(),
    )


def test_a_record_is_gone_on_with_where_it_ended(tmp_path: Path) -> None:
    """Lives end in any order; one that did not hold is told of, and a line that is not whole is lived again."""
    kept = tmp_path / "lived.jsonl"
    first = Record(kept, "aaaaaaa", TODAY)
    whole = [first.add(_told(seed)) for seed in (1, 0, *range(2, 25))]
    assert whole.count(True) == 1
    again = Record(kept, "bbbbbbb", TODAY)
    assert again.next_seed == 20
    for seed in range(20, 40):
        again.add(_told(seed, *(["I1: one too many"] if seed == 33 else [])))
    total = Record(kept, "ccccccc", TODAY).total
    assert (total.lives, total.sign_ups, total.registered) == (40, 40_000, 8_000)
    assert total.faults == {"killed": 80, "doubled": 20}
    page = again.page()
    assert "| sign-ups | 40,000 |" in page
    assert "- seed 33: I1: one too many" in page
    assert "with the code of aaaaaaa, bbbbbbb." in page
