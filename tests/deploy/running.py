"""`make stack` as a person runs it, and the processes of which it consists."""

import os
import shlex
import signal
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import requests

from deploy.process import free_ports
from tests.waiting import eventually

MANAGER = {"Authorization": "Bearer the-key-of-the-first-manager"}
UP = "Ctrl-C stops everything"


class RunningStack:
    """A stack in a folder, with servers of its own, on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for server in ("postgresql", "rabbitmq"):  # as if an earlier start had made them: then no other is looked for
            (folder / server).mkdir()
        self.output = folder / "said.txt"
        port = free_ports(1)[0]
        self.address = f"http://127.0.0.1:{port}"
        key = MANAGER["Authorization"].removeprefix("Bearer ")
        given = {"STACK_DATA": str(folder), "PORT": str(port), "KRING_MANAGER_KEY": key}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.stack"],
                env={**os.environ, **given},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_up(self) -> None:
        eventually(lambda: UP in self.output.read_text() or self.process.poll() is not None, seconds=300)
        assert self.process.poll() is None, self._said()

    def _said(self) -> str:
        """Give what the stack said, and the last words of its programs: why it does not run."""
        logs = [f"{file.name}: {file.read_text()[-1000:]}" for file in sorted((self.folder / "logs").iterdir())]
        return "\n".join([self.output.read_text(), *logs])

    def stop(self) -> int:
        """Press Ctrl-C; give the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(120)

    def processes(self) -> set[int]:
        """Give the stack's process, and all below it."""
        found = {self.process.pid}
        while more := {child for child, parent in _parents().items() if parent in found} - found:
            found |= more
        return found

    def running(self) -> dict[str, int]:
        """Give the programs that supervisor says are running, with their process ids."""
        config = str(self.folder / "supervisord.conf")
        command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", config, "status"]
        lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        words = [line.replace(",", "").split() for line in lines if " RUNNING " in line]
        return {name.rpartition(":")[2]: int(pid) for name, _, _, pid, *_ in words}

    def settings(self, service: str) -> dict[str, str]:
        """Give the settings that this service's processes have."""
        lines = shlex.split((self.folder / f"{service}.env").read_text())
        return dict(line.split("=", 1) for line in lines)

    def publish_meeting(self) -> str:
        """Draft a meeting with twenty seats and publish it, through the proxy; give its id."""
        facts = {
            "title": {"nl": "Samen duurzaam inkopen"},
            "startsAt": "2035-06-14T14:00:00",
            "endsAt": "2035-06-14T17:00:00",
            "region": "PV26",
            "targetGroups": ["beleidsmaker"],
            "venue": {"name": "Stadhuis", "city": "Utrecht"},
            "organiser": {"name": "Noor de Vries", "email": "noor@kring.example"},
            "seatPlan": {"capacity": 20},
        }
        draft = self.post("/v1/meetings", facts, MANAGER)
        assert draft.status_code == 201, draft.text
        id_ = cast("str", draft.json()["id"])
        published = self.post(f"/v1/meetings/{id_}/publication", {}, MANAGER)
        assert published.status_code == 200, published.text
        return id_

    def sign_up(self, meeting_id: str, email: str) -> dict[str, Any]:
        """Sign up through the proxy, as soon as registration knows the meeting and can be reached; give the answer."""
        person = {
            "name": "Sam Jansen",
            "email": email,
            "organisation": "Gemeente Utrecht",
            "targetGroup": "beleidsmaker",
            "language": "nl",
        }
        path = f"/registration/v1/meetings/{meeting_id}/registrations"
        refused_for_now = {404, 503}  # published this second; being started again

        def answer() -> requests.Response | None:
            given = self.post(path, person, {})
            return None if given.status_code in refused_for_now else given

        answered = eventually(answer, seconds=90)  # Python starts slowly where others compute
        assert answered
        assert answered.status_code == 201, answered.text
        return cast("dict[str, Any]", answered.json())

    def mail_to(self, email: str) -> EmailMessage:
        """Wait for the mail to that address, and give it."""
        found = eventually(lambda: [mail for mail in self._mails() if email in mail["To"]], seconds=60)
        return found[0]

    def post(self, path: str, document: object, headers: dict[str, str]) -> requests.Response:
        return requests.post(self.address + path, json=document, headers=headers, timeout=10)

    def _mails(self) -> list[EmailMessage]:
        files = (self.folder / "mail" / "sent").glob("*.eml")
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def still_running(processes: set[int]) -> dict[int, str]:
    """Give those that have not ended, with what they are; one that ended and waits to be noticed does not count."""
    return {pid: _command(pid) for pid in processes if _state(pid) not in {None, "Z"}}


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _state(pid: int) -> str | None:
    return next(iter(_stat(pid)), None)


def _parents() -> dict[int, int]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return {pid: int(stat[1]) for pid in pids if (stat := _stat(pid))}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
