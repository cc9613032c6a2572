"""supervisor's configuration: what runs, in which order, and that it is started again when it ends."""

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = """\
[supervisord]
nodaemon = true
silent = true  ; its log is enough
{user}
logfile = {folder}/logs/supervisord.log
pidfile = {folder}/supervisord.pid
childlogdir = {folder}/logs

[unix_http_server]
file = {folder}/supervisord.sock
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://{folder}/supervisord.sock
"""

PROGRAM = """
[program:{name}]
command = {command}
directory = {directory}
priority = {priority}
umask = 077  ; mail and logs are nobody else's
autorestart = true
startretries = 1000000  ; a database that is away for an hour needs no human afterwards
stopasgroup = true
killasgroup = true
stopwaitsecs = 20
redirect_stderr = true
stdout_logfile = {folder}/logs/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 2
"""


@dataclass(frozen=True)
class Supervised:
    """A program that supervisor runs in `directory`; what stands later in the list starts later and stops earlier."""

    name: str
    command: Sequence[str]
    directory: Path


def configuration(folder: Path, programs: Iterable[Supervised]) -> str:
    """Take where its files go, and the programs; give the text of supervisord.conf."""
    root = "user = 0  ; on purpose: said so, supervisor does not warn"
    parts = [HEAD.format(folder=_literally(str(folder)), user=root if os.geteuid() == 0 else "")]
    parts += [
        PROGRAM.format(
            name=program.name,
            command=_literally(shlex.join(program.command)),
            directory=_literally(str(program.directory)),
            priority=priority,
            folder=_literally(str(folder)),
        )
        for priority, program in enumerate(programs, start=1)
    ]
    return "".join(parts)


def _literally(value: str) -> str:
    return value.replace("%", "%%")
