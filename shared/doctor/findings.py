"""What the doctor says: each finding is a line, and one that is not well says what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import click

Level = Literal["ok", "warning", "wrong"]

_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "red"}


@dataclass(frozen=True)
class Finding:
    """``words`` say how ``subject`` is, ``remedy`` what to do where it is not ``ok``. Neither tells a secret."""

    level: Level
    subject: str
    words: str
    remedy: str = ""


def ok(subject: str, words: str) -> Finding:
    """All is well."""
    return Finding("ok", subject, words)


def warning(subject: str, words: str, remedy: str) -> Finding:
    """It works, and something about it may become a trouble."""
    return Finding("warning", subject, words, remedy)


def wrong(subject: str, words: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding("wrong", subject, words, remedy)


def say(findings: Iterable[Finding]) -> int:
    """Print each as soon as it is found; gives the exit code: 1 where something is wrong."""
    levels = []
    for finding in findings:
        levels.append(finding.level)
        click.echo(f"{click.style(f'{finding.level:8}', _COLOURS[finding.level])}{finding.subject:15} {finding.words}")
        if finding.remedy:
            click.echo(f"{'':24}→ {finding.remedy}")
    counts = [f"{levels.count(level)} {level}" for level in _COLOURS if level in levels]
    click.echo(", ".join(counts) + ".")
    return 1 if "wrong" in levels else 0
