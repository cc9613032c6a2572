"""Calendar programs that did not write our objects, and what they read in them.

Six parsers that share no code with each other, each in a small program beside this file;
and vdirsyncer, which subscribes to a feed over HTTP as a person's calendar does.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's bindings of libical belong to this one

JUDGES = {
    "ical.js": ("node", HERE / "icaljs.mjs"),
    "vobject": (sys.executable, HERE / "vobject_.py"),
    "ical": (sys.executable, HERE / "ical_.py"),
    "ics": (sys.executable, HERE / "ics_.py"),
    "libical": (SYSTEM_PYTHON, HERE / "libical.py"),
    "icalendar": (sys.executable, HERE / "icalendar_.py"),
}


class JudgesMissingError(RuntimeError):
    """A judge is not installed; the message is one line that says what to do."""


@dataclass(frozen=True)
class Reading:
    """What one program makes of one VEVENT; instants in UTC, addresses without `mailto:`."""

    method: str | None
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    status: str
    attendee: str | None
    partstat: str | None
    geo: tuple[float, float] | None = None


def judge_all(output: bytes) -> dict[str, list[Reading]]:
    """Let every judge read a calendar object; give per judge its entries, ordered by UID.

    Raises JudgesMissingError, or RuntimeError with the words of a judge that refuses the object.
    """
    _ensure_installed()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "object.ics"
        file.write_bytes(output)
        started = {name: _start([*command, file]) for name, command in JUDGES.items()}
        spoken = {name: (*judge.communicate(), judge.returncode) for name, judge in started.items()}
    for name, (_, words, code) in spoken.items():
        if code:
            raise RuntimeError(f"{name} refuses the calendar object: {words}")
    return {name: _readings(said) for name, (said, _, _) in spoken.items()}


def subscribe(url: str, folder: Path) -> list[Path]:
    """Subscribe to a feed with vdirsyncer; give the entries it keeps in the folder, one .ics file each.

    Called again, it refreshes the folder. Raises RuntimeError with its words when it cannot.
    """
    entries = folder / "entries"
    entries.mkdir(parents=True, exist_ok=True)
    config = folder / "vdirsyncer.conf"
    config.write_text(
        f'[general]\nstatus_path = "{folder / "status"}"\n'
        '[pair feed]\na = "there"\nb = "here"\ncollections = null\nconflict_resolution = "a wins"\n'
        'partial_sync = "ignore"\n'
        f'[storage there]\ntype = "http"\nurl = "{url}"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{entries}"\nfileext = ".ics"\n'
    )
    vdirsyncer = Path(sys.executable).with_name("vdirsyncer")
    for action in ("discover", "sync"):
        done = _start([vdirsyncer, "--config", config, action])
        _, words = done.communicate()
        if done.returncode:
            raise RuntimeError(f"vdirsyncer {action}: {words}")
    return sorted(entries.glob("*.ics"))


@cache
def _ensure_installed() -> None:
    if shutil.which("node") is None:
        raise JudgesMissingError("No node here: install what tests/system-packages.txt lists (make test does).")
    if not (ROOT / "node_modules/ical.js").is_dir():
        raise JudgesMissingError("No ical.js here: run npm ci (make test does).")
    ask = "import gi; gi.require_version('ICalGLib', '3.0')"
    if subprocess.run([SYSTEM_PYTHON, "-c", ask], capture_output=True, check=False).returncode:
        raise JudgesMissingError("No libical here: install gir1.2-ical-3.0 and python3-gi (make test does).")


def _start(command: Sequence[str | Path]) -> subprocess.Popen[str]:
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8", cwd=ROOT, env=environment)


def _readings(said: str) -> list[Reading]:
    return sorted((_reading(**each) for each in json.loads(said)), key=lambda reading: reading.uid)


def _reading(
    *, starts_at: str, ends_at: str, attendee: str | None, geo: list[str | float] | None, **said: Any
) -> Reading:
    for text in ("summary", "description", "location"):
        said[text] = said[text] or ""
    return Reading(
        starts_at=datetime.fromisoformat(starts_at).astimezone(UTC),
        ends_at=datetime.fromisoformat(ends_at).astimezone(UTC),
        attendee=attendee and attendee.removeprefix("mailto:"),
        geo=(float(geo[0]), float(geo[1])) if geo else None,
        **said,
    )
