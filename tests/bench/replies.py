"""The calendar loop: from a decline that is handed in to the invitation of the next person, one after the other."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, sleep

from tests.bench.figures import Row, one_by_one, share_of_time
from tests.bench.meetings import PERSON, sign_up_path
from tests.bench.programs import embedded
from tests.bench.sign_up import HEALTH, Caller, write_synced
from tests.bench.sizes import Sizes
from tests.notifications.answering import answer
from tests.notifications.office import Mail
from tests.waiting import eventually

PROMISE = 1.0
"""Seconds from the decline to the next invitation, for 99 in 100."""


def reply_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """One seat that goes down a waiting list, in what ``make run`` starts; the bare cost is taken in between."""
    with embedded(folder) as port, closing(Caller(port)) as caller:
        path = sign_up_path(caller.publish("Doorschuiven", seats=1))
        caller.sign_up(path, "p0")
        for number in range(1, sizes.declines + 1):
            status, told = caller.ask("POST", path, PERSON | {"email": f"p{number}@gemeente.example"})
            assert status == 201, told
        taken, bare = [], []
        for number in range(sizes.declines):
            invited = eventually(partial(_invitation, folder, f"p{number}"))
            assert invited, "eventually gives what is there"
            handed_in = _hand_in(folder, answer(invited, "DECLINED", at=datetime.now(UTC)))
            while _invitation(folder, f"p{number + 1}") is None:
                sleep(0.002)
            came = perf_counter()
            caller.ask("GET", HEALTH)
            write_synced(folder / "bare", b"x" * 10_000)
            taken.append(came - handed_in)
            bare.append(perf_counter() - came)
    ours, limit = one_by_one(taken), one_by_one(bare)
    kept = "kept" if ours.within(0.99) < PROMISE else "BROKEN"
    how = f"one after the other, SQLite synchronous=FULL; promised p99 < {PROMISE * 1000:.0f} ms: {kept}"
    yield Row("decline handed in → next invitation written", ours, how, share_of_time(ours, limit))


def _hand_in(folder: Path, source: bytes) -> float:
    """Drop the mail where replies are read, whole at once; gives when."""
    replies = folder / "mail" / "replies"
    replies.mkdir(parents=True, exist_ok=True)
    draft = replies / ".draft"
    draft.write_bytes(source)
    began = perf_counter()
    draft.rename(replies / "decline.eml")
    return began


def _invitation(folder: Path, who: str) -> Mail | None:
    """The newest invitation of this person, if it is written."""
    for path in sorted((folder / "mail" / "sent").glob("invitation.*.eml"), reverse=True):
        mail = Mail(path.name, path.read_bytes())
        if str(mail.message["To"]).endswith(f"{who}@gemeente.example>"):
            return mail
    return None
