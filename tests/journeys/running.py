"""``make run`` as a process of its own that can be killed, and people who come to it over HTTP."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import requests
from sqlalchemy import Engine, select

from deploy.process import ending_with_us, free_ports
from shared.db.base import Instant
from shared.db.engine import make_engine
from shared.times import utc_now
from tests.faults.invariants import TABLES, Answered, broken
from tests.journeys.kring import MANAGER, MANAGER_KEY, READY, ROOT
from tests.tampering import FENCED
from tests.waiting import eventually


class Run:
    """One data folder, and the process that runs on it."""

    def __init__(self, folder: Path, **given: str) -> None:
        self.folder = folder
        self.output = folder.with_suffix(".txt")
        self.port = free_ports(1)[0]
        self.address = f"http://127.0.0.1:{self.port}"
        self.given = {
            "KRING_DATA": str(folder),
            "PORT": str(self.port),
            "KRING_MANAGER_KEY": MANAGER_KEY,
            "LIMITS": "1000",
            **given,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("a") as output:
            self.process = subprocess.Popen(
                [*ending_with_us(signal.SIGKILL), sys.executable, "-m", "deploy.embedded"],
                cwd=ROOT,
                env={**os.environ, **self.given},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> None:
        eventually(self.is_ready, seconds=120)

    def is_ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.output.read_text()[-3000:]
        try:
            return all(self._answers(f"{prefix}/health/ready") for prefix in ("", "/registration", "/notifications"))
        except requests.ConnectionError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        assert self.process
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to end; give the exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(60)

    def ask(self, method: str, path: str, headers: Mapping[str, str] = MANAGER, **sent: Any) -> requests.Response:
        return requests.request(method, self.address + path, headers=dict(headers), timeout=30, **sent)

    def publish(self, **changes: Any) -> str:
        """A meeting that people can sign up for; gives its id."""
        days = timedelta(days=90)
        times = {"startsAt": (utc_now() + days).isoformat(), "endsAt": (utc_now() + days * 1.01).isoformat()}
        id_ = str(self.ask("POST", "/v1/meetings", json={**READY, **times, **changes}).json()["id"])
        assert self.ask("POST", f"/v1/meetings/{id_}/publication").status_code == 200
        known = f"/registration/v1/meetings/{id_}/seats"
        eventually(lambda: self.ask("GET", known).status_code == 200)
        return id_

    def printed(self, pattern: str) -> list[str]:
        """What the process wrote that is like this."""
        return re.findall(pattern, self.output.read_text())

    @property
    def urls(self) -> dict[str, str]:
        return {name: f"sqlite:///{self.folder / name}.sqlite" for name in TABLES}

    def broken(self, answered: Answered = ()) -> list[str]:
        """Which invariants do not hold now."""
        return broken(self.urls, self.folder / "mail", utc_now(), answered)

    def _answers(self, path: str) -> bool:
        return requests.get(self.address + path, timeout=10).status_code == 200


def crowd(run: Run, meeting_id: str, people: int, enough: Event | None = None, at: int = 0) -> set[tuple[str, str]]:
    """Let ``people`` sign up, eight at a time; gives those who were answered 201, as meeting and address.

    ``enough`` is set as soon as ``at`` of them are.
    """
    answered: set[tuple[str, str]] = set()

    def sign_up(number: int) -> None:
        email = f"p{number}@gemeente.example"
        wish = {"name": f"Persoon {number}", "email": email, "targetGroup": "inkoper"}
        try:
            answer = run.ask("POST", f"/registration/v1/meetings/{meeting_id}/registrations", {}, json=wish)
        except requests.RequestException:
            return  # it died before it answered: nothing was promised
        if answer.status_code == 201:
            answered.add((meeting_id, email))
        if enough and len(answered) >= at:
            enough.set()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(sign_up, range(people)))
    return answered


def switched_off_for(run: Run, hours: float) -> None:
    """Move what the stopped process wrote down into the past: as if it had been off for so long."""
    for name, url in run.urls.items():
        engine = make_engine(url)
        for table in TABLES[name].sorted_tables:
            columns = [column.name for column in table.columns if isinstance(column.type, Instant)]
            if columns and table.name not in {"meeting", *FENCED}:  # the times of the audit log stand in its chain
                _move_back(engine, table, columns, timedelta(hours=hours))
        engine.dispose()


def _move_back(engine: Engine, table: Any, columns: list[str], time: timedelta) -> None:
    keys = list(table.primary_key)
    with engine.begin() as connection:
        for row in connection.execute(select(table)).mappings().all():
            earlier = {name: row[name] - time for name in columns if row[name]}
            mine = [key == row[key.name] for key in keys]
            if earlier:
                connection.execute(table.update().where(*mine).values(earlier))
