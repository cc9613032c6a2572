"""A mail server in a bad mood."""

import random
from collections.abc import Sequence
from functools import partial

from tests.faults.fault import Fault, lasts
from tests.faults.machine import Machine
from tests.waiting import eventually

MAILS = 8
"""So many are answered badly at least."""


def bad_mood(machine: Machine, chance: random.Random, answers: Sequence[str]) -> None:
    postbox = machine.postbox
    lasts(chance.random())
    before, postbox.answers = postbox.said, list(answers)
    try:
        eventually(lambda: postbox.said >= before + (2 if "silent" in answers else MAILS), seconds=60)
    finally:
        postbox.answers = []


OF_MAIL = [
    Fault("SMTP: a second for each word", partial(bad_mood, answers=["slow"])),
    Fault("SMTP: silent", partial(bad_mood, answers=["silent"])),
    Fault("SMTP: 421 to all", partial(bad_mood, answers=["421"])),
    Fault("SMTP: 450 to all", partial(bad_mood, answers=["450"])),
    Fault("SMTP: 550 to all", partial(bad_mood, answers=["550"])),
    Fault("SMTP: mixed recipients: 250, 450, 550, 421", partial(bad_mood, answers=["250", "450", "550", "421"])),
]
