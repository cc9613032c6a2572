"""supervisor's configuration: what runs, in which order, and that it is started again when it ends."""

import os
import shlex
import signal
from collections.abc import Iterable, Mapping, Sequence
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
umask = 077  ; mail and logs are nobody else's
startsecs = 3  ; whoever ends sooner never ran: a wrong setting shows
autorestart = true
startretries = 1000000  ; a database that is away for an hour needs no human afterwards
stopsignal = {farewell}
stopasgroup = true
killasgroup = true
stopwaitsecs = 20
redirect_stderr = true
stdout_logfile = {folder}/logs/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 2
"""

GROUP = """
[group:{name}]
programs = {programs}
priority = {priority}
"""


@dataclass(frozen=True)
class Supervised:
    """A program that supervisor runs in `directory`, and the signal that asks it to end."""

    name: str
    command: Sequence[str]
    directory: Path
    farewell: signal.Signals = signal.SIGTERM


def configuration(folder: Path, groups: Mapping[str, Iterable[Supervised]]) -> str:
    """Take where its files go, and the programs in groups; give the text of supervisord.conf.

    A group starts after those before it, and stops before them; the programs of one group do so together.
    """
    root = "user = 0  ; on purpose: said so, supervisor does not warn"
    parts = [HEAD.format(folder=_literally(str(folder)), user=root if os.geteuid() == 0 else "")]
    for priority, (name, programs) in enumerate(groups.items(), start=1):
        members = list(programs)
        parts += [_program(folder, member) for member in members]
        parts.append(GROUP.format(name=name, programs=",".join(member.name for member in members), priority=priority))
    return "".join(parts)


def _program(folder: Path, program: Supervised) -> str:
    return PROGRAM.format(
        name=program.name,
        command=_literally(shlex.join(program.command)),
        directory=_literally(str(program.directory)),
        farewell=program.farewell.name.removeprefix("SIG"),
        folder=_literally(str(folder)),
    )


def _literally(value: str) -> str:
    return value.replace("%", "%%")
