"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """``rounds`` of so many ``seconds`` of load, the first of them to get warm.

    So many ``sign_ups`` one after the other, ``meetings``, ``mails``.

    ``attendees`` stand on one list; so many ``declines`` hand one seat down. The list of meetings is asked
    with few and with many ``listed``; so many ``entries`` are imported, so many ``events`` are a backlog; so many
    people signed up in the ``past``.
    """

    seconds: int
    rounds: int
    sign_ups: int
    meetings: int
    mails: int
    attendees: int
    declines: int
    listed: tuple[int, int]
    entries: int
    events: int
    past: int
    grown: tuple[int, int]


FULL = Sizes(
    seconds=3,
    rounds=4,
    sign_ups=100,
    meetings=10_000,
    mails=500,
    attendees=5000,
    declines=100,
    listed=(5000, 50_000),
    entries=2000,
    events=10_000,
    past=10_000,
    grown=(5, 500),
)
QUICK = Sizes(
    seconds=1,
    rounds=1,
    sign_ups=20,
    meetings=1000,
    mails=50,
    attendees=500,
    declines=10,
    listed=(500, 5000),
    entries=200,
    events=1000,
    past=1000,
    grown=(2, 20),
)
