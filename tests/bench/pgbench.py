"""PostgreSQL's own benchmark, writing what a sign-up writes: in SQL alone, a transaction each, on the same tables."""

import os
import re
import shutil
import subprocess
from math import ceil
from pathlib import Path

from sqlalchemy import make_url

from deploy.postgresql import PROGRAMS
from tests.bench.client import CLIENT_THREADS, CONNECTIONS
from tests.bench.figures import Timed

CONNECTING = 1
"""Seconds of its time that pgbench spends on opening its connections; they do not count in its rate."""

LONGEST = 120
"""Seconds that it gets at most; so many do nothing on no machine."""

_SEAT = """UPDATE meeting
   SET queue_number = queue_number + 1,
       seats_taken = seats_taken + 1,
       taken = jsonb_build_object('beleidsmaker', seats_taken + 1),
       waiting = '{{}}',
       online_taken = 0,
       online_waiting = 0"""
_REGISTRATION = """INSERT INTO registration
       (id, meeting_id, address_key, email, name, organisation, target_group, status, kind, attendance, language,
        answers, queue_number, cause, link_version, asked_at, created_at)
SELECT {person}, {meeting}, 'sam.' || {person} || '@gemeente.example', 'sam.' || {person} || '@gemeente.example',
       'Sam Jansen', 'Adviesbureau Voorbeeld', 'beleidsmaker', 'confirmed', 'participant', 'venue', 'nl', '{{}}',
       {number}, 'participant', 1, now(), now()"""
_HISTORY = """INSERT INTO history (registration_id, meeting_id, at, act, by, cause, reason, to_status)
SELECT {person}, {meeting}, now(), 'sign-up', 'participant', 'participant', '', 'confirmed'"""
_DUE = """INSERT INTO due (kind, subject, at, attempts)
SELECT kind, {meeting}, now(), 0 FROM (VALUES ('tell-seats'), ('show-seats')) AS wanted (kind)"""
_STREAM = """INSERT INTO stream (aggregate, aggregate_id, version) SELECT 'registration', {person}, 1"""
_OUTBOX = """INSERT INTO outbox
       (id, type, type_version, aggregate, aggregate_id, version, epoch, occurred_at, correlation_id, payload)
SELECT gen_random_uuid()::text, 'registration.confirmed', 1, 'registration', {person}, 1, 1, now(),
       gen_random_uuid()::text, jsonb_build_object('registration', jsonb_build_object(
           'id', {person}, 'meetingId', {meeting}, 'meetingRevision', 1,
           'person', jsonb_build_object('name', 'Sam Jansen', 'email', 'sam.' || {person} || '@gemeente.example',
                                        'language', 'nl'),
           'targetGroup', 'beleidsmaker', 'status', 'confirmed', 'cause', 'participant', 'linkVersion', 1,
           'kind', 'participant', 'attendance', 'venue', 'organisation', 'Adviesbureau Voorbeeld',
           'organisationId', null, 'place', null, 'placeInGroup', null, 'offerUntil', null, 'invitationId', null,
           'askedAt', now(), 'companion', 1, 'waitsFor', null, 'sessions', '[]'::jsonb, 'copyTo', null,
           'copyName', '', 'copyLanguage', 'nl', 'queueNumber', {number}, 'passedOn', false,
           'handedOver', false, 'inSeries', false, 'seriesPost', null))"""
_ONCE = "ON CONFLICT DO NOTHING"
_NEXT = "ON CONFLICT (aggregate, aggregate_id) DO UPDATE SET version = stream.version + 1"

_STEP_BY_STEP = f"""\
BEGIN;
SELECT gen_random_uuid() AS person \\gset
{_SEAT} WHERE id = {{meeting}} RETURNING queue_number \\gset
{_REGISTRATION};
{_HISTORY};
{_DUE} {_ONCE};
{_STREAM} {_NEXT};
{_OUTBOX};
NOTIFY kring_outbox;
COMMIT;
"""
_AT_ONCE = f"""\
WITH seat AS ({_SEAT} WHERE id = {{which}} RETURNING id AS meeting, queue_number AS number,
              gen_random_uuid()::text AS person),
     registered AS ({_REGISTRATION} FROM seat),
     remembered AS ({_HISTORY} FROM seat),
     planned AS ({_DUE} CROSS JOIN seat {_ONCE}),
     counted AS ({_STREAM} FROM seat {_NEXT}),
     told AS ({_OUTBOX} FROM seat)
SELECT pg_notify('kring_outbox', '') FROM seat;
"""  # noqa: S608  # texts of this module


def step_by_step(meeting_id: str) -> str:
    """A sign-up for that meeting as one writes it: the meeting's row first, a statement for each table."""
    names = {"person": ":person::text", "number": ":queue_number::int"}
    return _STEP_BY_STEP.format(meeting=f"'{meeting_id}'", **names)


def at_once(meetings: str) -> str:
    """A sign-up for any of a hundred meetings, in one statement; ``meetings`` is what their ids begin with."""
    which = f"'{meetings}' || lpad((:which)::text, 12, '0')"
    return "\\set which random(0, 99)\n" + _AT_ONCE.format(
        which=which, person="person", meeting="meeting", number="number"
    )


def run(database_url: str, what: str, folder: Path, seconds: float) -> Timed:
    """Do ``what`` (a script) for so many seconds (rounded up), with as many clients as ours has connections.

    Where the machine is so busy that nothing is done in that time, it gets twice as long. Raises ``RuntimeError`` for
    what pgbench can't do, and if it does nothing in ``LONGEST``.
    """
    time = ceil(seconds) + CONNECTING
    while time <= LONGEST:
        said = _said(database_url, what, folder, time)
        rate = re.search(r"^tps = ([0-9.]+) \(without initial connection time\)", said, re.MULTILINE)
        took = _read_logs(folder)
        if rate and took:
            return Timed(len(took), len(took) / float(rate[1]), tuple(took))
        time *= 2
    raise RuntimeError(f"pgbench did nothing in its time: {said}")


def _said(database_url: str, what: str, folder: Path, time: int) -> str:
    """What pgbench says after so many seconds; its logs lie in ``folder``."""
    url = make_url(database_url)
    script, log = folder / "pgbench.sql", folder / "pgbench_log"
    script.write_text(what)
    command = [_program(), "--no-vacuum", "--protocol=prepared", f"--file={script}", f"--time={time}"]
    command += [f"--client={CONNECTIONS}", f"--jobs={CLIENT_THREADS}", "--log", f"--log-prefix={log}"]
    command += [f"--host={url.host}", f"--port={url.port}", f"--username={url.username}", str(url.database)]
    environment = {**os.environ, "PGPASSWORD": str(url.password)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"pgbench: {ran.stderr[:500]}")
    return ran.stdout


def _read_logs(folder: Path) -> list[float]:
    """The seconds of each transaction: a log per thread, microseconds in the third column; gone after reading."""
    took: list[float] = []
    for log in folder.glob("pgbench_log.*"):
        took += [int(line.split()[2]) / 1_000_000 for line in log.read_text().splitlines()]
        log.unlink()
    return took


def _program() -> str:
    """Debian's package postgresql brings it, off the PATH. Raises ``SystemExit`` where there is none."""
    installed = sorted(Path("/").glob(f"{PROGRAMS}/pgbench"))
    found = str(installed[-1]) if installed else shutil.which("pgbench")
    if not found:
        raise SystemExit("pgbench is missing: install postgresql-contrib")
    return found
