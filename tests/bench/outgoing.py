"""Mail on its way out: invitations rendered, and everyone told of one meeting that moved."""

import sys
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from smtplib import SMTP, SMTPException
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import select

from deploy.process import Process, free_ports
from services.notifications import tables
from services.notifications.app import build
from services.notifications.post.sender import Sender
from services.notifications.queries.mails import mails_with_what_they_are_about
from services.notifications.settings import read_settings
from shared.defaults import with_defaults
from shared.events.catalog import Meeting, MeetingChanged, MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.service import Service
from tests.bench.figures import Row, Timed, share_of_rate
from tests.bench.sizes import Sizes
from tests.builders import a_meeting, a_person, a_registration, tell
from tests.grounds import migration


def outgoing_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Each beside what its bytes alone would take: the parts encoded and joined, the mails handed over as they are."""
    with _local_server(folder) as port:
        settings = with_defaults({"KRING_DATA": str(folder), "MAIL_URL": f"smtp://127.0.0.1:{port}"}, "notifications")
        migration("notifications")(settings["DATABASE_URL"])
        service = build(read_settings(settings))
        meeting = _invited(service, sizes.mails)
        rendered, sources = _rendered(service)
        limit = _joined(sources)
        how = "time on 1 core: read from SQLite, rendered, each head and part read again"
        yield Row("invitations rendered", rendered, how, share_of_rate(rendered, limit))
        yield Row("their parts in base64", limit, "time on 1 core: encoded and joined")

        _send(service)
        moved, sources = _moved(service, meeting, sizes.mails)
        limit = _handed_over(port, sources)
        how = "from the event to the last 250: 1 sender, a transaction a mail, SQLite synchronous=FULL, 1 connection"
        yield Row("people told of a moved meeting", moved, how, share_of_rate(moved, limit))
        yield Row("the same mails handed over", limit, "smtplib, 1 connection, aiosmtpd in a process of its own")
        service.database.engine.dispose()


@contextmanager
def _local_server(folder: Path) -> Iterator[int]:
    """A mail server that takes everything and keeps nothing; gives its port."""
    folder.mkdir(exist_ok=True)
    port = free_ports(1)[0]
    words = ["-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    server = Process([sys.executable, *words], directory=folder, ready=lambda: _answers(port))
    server.start()
    try:
        yield port
    finally:
        server.stop()


def _answers(port: int) -> bool:
    with suppress(OSError, SMTPException), SMTP("127.0.0.1", port, timeout=5):
        return True
    return False


def _invited(service: Service, count: int) -> Meeting:
    """So many people have a seat at one meeting, and no invitation yet."""
    starts_at = datetime.now(UTC) + timedelta(days=60)
    meeting = a_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    tell(service, MeetingPublished(meeting=meeting))
    for number in range(count):
        person = a_person(email=f"sam.{number}@gemeente{number % 100}.example")
        tell(service, RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id, person=person)))
    return meeting


def _rendered(service: Service) -> tuple[Timed, list[bytes]]:
    """What waits, written and not sent."""
    sender = service.worker.part("post")
    assert isinstance(sender, Sender)
    with service.database.reading() as session:
        mails: Sequence[Any] = session.execute(mails_with_what_they_are_about()).all()
        sender.composer.compose(session, mails[0])  # a worker has its templates at hand
        began = process_time()
        sources = [sender.composer.compose(session, mail).source for mail in mails]
        return Timed(len(sources), process_time() - began), sources


def _joined(sources: Sequence[bytes]) -> Timed:
    """What is in these mails, encoded again."""
    parts = [
        [part.get_payload(decode=True) for part in message_from_bytes(source).walk() if not part.is_multipart()]
        for source in sources
    ]
    began = process_time()
    for mail in parts:
        b"".join(map(encodebytes, mail))  # type: ignore[arg-type]  # they are bytes once decoded
    return Timed(len(sources), process_time() - began)


def _send(service: Service) -> None:
    sender = service.worker.part("post")
    while sender.pulse():
        pass


def _moved(service: Service, meeting: Meeting, count: int) -> tuple[Timed, list[bytes]]:
    """The meeting begins an hour later, and everyone has been told."""
    later = replace(meeting, revision=2, ends_at=meeting.ends_at + timedelta(hours=1))
    mail = tables.outgoing_mail
    began = perf_counter()
    tell(service, MeetingChanged(meeting=later))
    _send(service)
    moved = Timed(count, perf_counter() - began)
    with service.database.reading() as session:
        told = session.scalars(select(mail.c.source).where(mail.c.sequence == 1, mail.c.status == "sent")).all()
    assert len(told) == count, f"{len(told)} of {count} were told"
    return moved, list(told)


def _handed_over(port: int, sources: Sequence[bytes]) -> Timed:
    """The same mails, over one connection."""
    with SMTP("127.0.0.1", port) as server:
        began = perf_counter()
        for number, source in enumerate(sources):
            server.sendmail("bounce@kring.example", [f"sam.{number}@gemeente.example"], source)
        return Timed(len(sources), perf_counter() - began)
