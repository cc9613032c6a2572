"""Invitations: composed, written into a folder and marked, one after the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from services.notifications.app import build
from services.notifications.post.folder import Folder
from services.notifications.post.outlet import Envelope
from services.notifications.settings import read_settings
from shared.defaults import with_defaults
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.service import Service
from tests.bench.figures import Row, Timed, share_of_rate
from tests.bench.sizes import Sizes
from tests.builders import a_meeting, a_person, a_registration, tell
from tests.grounds import migration


def mail_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The sender on a folder, beside the same bytes written as it writes them."""
    settings = with_defaults({"KRING_DATA": str(folder)}, "notifications")
    migration("notifications")(settings["DATABASE_URL"])
    service = build(read_settings(settings))
    _queue(service, sizes.mails)
    sender = service.worker.part("post")
    began = perf_counter()
    while sender.pulse():
        pass
    ours = Timed(sizes.mails, perf_counter() - began)
    service.database.engine.dispose()
    limit = _written_only(folder / "mail" / "sent", Folder(folder / "bare"))
    assert limit.count == sizes.mails, f"{limit.count} of {sizes.mails} mails were written"
    how = "1 sender, a transaction a mail, SQLite synchronous=FULL, file and folder synced"
    yield Row("invitations composed and written", ours, how, share_of_rate(ours, limit))
    yield Row("the same bytes written", limit, "file and folder synced")


def _queue(service: Service, count: int) -> None:
    """So many people have a seat at one meeting, and no invitation yet."""
    starts_at = datetime.now(UTC) + timedelta(days=60)
    meeting = a_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    tell(service, MeetingPublished(meeting=meeting))
    for number in range(count):
        person = a_person(email=f"sam.{number}@gemeente.example")
        tell(service, RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id, person=person)))


def _written_only(sent: Path, outlet: Folder) -> Timed:
    """The mails that were sent, into another folder."""
    sources = [path.read_bytes() for path in sent.glob("*.eml")]
    envelope = Envelope("", "")
    began = perf_counter()
    for number, source in enumerate(sources):
        outlet.deliver(envelope, f"<{number}@kring.example>", source)
    return Timed(len(sources), perf_counter() - began)
