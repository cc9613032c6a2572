"""The lines to the broker, the database and the mail server: dead, deaf, mute and slow."""

import random
from functools import partial

from tests.faults.fault import Fault, lasts
from tests.faults.line import Mood
from tests.faults.machine import Machine
from tests.waiting import eventually

OUTAGE = 5.0
LOST = [Mood.DEAD, Mood.DEAF, Mood.MUTE]


def line_in_mood(machine: Machine, chance: random.Random, to: str, mood: Mood) -> None:
    """From one moment to the next, with what was under way; at least something was said into the void."""
    line = machine.lines[to]
    lasts(chance.random())
    before, line.mood = line.lost, mood
    try:
        if mood in LOST:
            eventually(lambda: line.lost > before, seconds=60)
        lasts(OUTAGE)
    finally:
        line.mood = Mood.THROUGH


OF_LINES = [
    *(
        Fault(f"the line to {to}, {mood.value}", partial(line_in_mood, to=to, mood=mood))
        for to in ("RabbitMQ", "PostgreSQL", "mail")
        for mood in LOST
    ),
    Fault(
        "late acknowledgement: what readers say comes late",
        partial(line_in_mood, to="RabbitMQ", mood=Mood.LATE_QUESTIONS),
    ),
    Fault(
        "late confirmation: what the broker says comes late",
        partial(line_in_mood, to="RabbitMQ", mood=Mood.LATE_ANSWERS),
    ),
]
