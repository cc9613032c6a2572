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

SCRIPT = """\
BEGIN;
SELECT gen_random_uuid() AS person \\gset
UPDATE meeting
   SET queue_number = queue_number + 1,
       seats_taken = seats_taken + 1,
       taken = jsonb_build_object('beleidsmaker', seats_taken + 1),
       waiting = '{{}}',
       online_taken = 0,
       online_waiting = 0
 WHERE id = '{meeting_id}' RETURNING queue_number \\gset
INSERT INTO registration (id, meeting_id, address_key, email, name, organisation, target_group, status, kind,
                          attendance, language, answers, queue_number, cause, link_version, asked_at, created_at)
VALUES (:person::text, '{meeting_id}',
        'sam.' || :person::text || '@gemeente.example', 'sam.' || :person::text || '@gemeente.example', 'Sam Jansen',
        'Adviesbureau Voorbeeld', 'beleidsmaker', 'confirmed', 'participant',
        'venue', 'nl', '{{}}', :queue_number, 'participant', 1, now(), now());
INSERT INTO history (registration_id, meeting_id, at, act, by, cause, reason, to_status)
VALUES (:person::text, '{meeting_id}', now(), 'sign-up', 'participant', 'participant', '', 'confirmed');
INSERT INTO due (kind, subject, at, attempts)
VALUES ('tell-seats', '{meeting_id}', now(), 0), ('show-seats', '{meeting_id}', now(), 0) ON CONFLICT DO NOTHING;
INSERT INTO stream (aggregate, aggregate_id, version) VALUES ('registration', :person::text, 1)
    ON CONFLICT (aggregate, aggregate_id) DO UPDATE SET version = stream.version + 1;
INSERT INTO outbox (id, type, type_version, aggregate, aggregate_id, version, epoch, occurred_at, correlation_id,
                    payload)
VALUES (gen_random_uuid()::text, 'registration.confirmed', 1, 'registration', :person::text, 1, 1, now(),
        gen_random_uuid()::text, jsonb_build_object('registration', jsonb_build_object(
            'id', :person::text, 'meetingId', '{meeting_id}', 'meetingRevision', 1,
            'person', jsonb_build_object('name', 'Sam Jansen', 'email', 'sam.' || :person::text || '@gemeente.example',
                                         'language', 'nl'),
            'targetGroup', 'beleidsmaker', 'status', 'confirmed', 'cause', 'participant', 'linkVersion', 1,
            'kind', 'participant', 'attendance', 'venue', 'organisation', 'Adviesbureau Voorbeeld',
            'organisationId', null, 'place', null, 'placeInGroup', null, 'offerUntil', null, 'invitationId', null,
            'askedAt', now(), 'companion', 1, 'waitsFor', null, 'sessions', '[]'::jsonb, 'copyTo', null,
            'copyName', '', 'copyLanguage', 'nl', 'queueNumber', :queue_number::int, 'passedOn', false,
            'handedOver', false, 'inSeries', false, 'seriesPost', null)));
NOTIFY kring_outbox;
COMMIT;
"""


def run(database_url: str, meeting_id: str, folder: Path, seconds: float) -> Timed:
    """Sign up for so many seconds (rounded up), with as many clients as ours has connections."""
    url = make_url(database_url)
    script, log = folder / "pgbench.sql", folder / "pgbench_log"
    script.write_text(SCRIPT.format(meeting_id=meeting_id))
    command = [
        _program(),
        "--no-vacuum",
        "--protocol=prepared",
        f"--file={script}",
        f"--time={ceil(seconds) + CONNECTING}",
    ]
    command += [f"--client={CONNECTIONS}", f"--jobs={CLIENT_THREADS}", "--log", f"--log-prefix={log}"]
    command += [f"--host={url.host}", f"--port={url.port}", f"--username={url.username}", str(url.database)]
    environment = {**os.environ, "PGPASSWORD": str(url.password)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"pgbench: {ran.stderr[:500]}")
    rate = re.search(r"^tps = ([0-9.]+) \(without initial connection time\)", ran.stdout, re.MULTILINE)
    if not rate:
        raise RuntimeError(f"pgbench did nothing in its time: {ran.stdout}")
    took = _read_logs(folder)
    return Timed(len(took), len(took) / float(rate[1]), tuple(took))


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
