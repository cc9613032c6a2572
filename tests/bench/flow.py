"""Events between services: told and confirmed, a backlog worked off, and how soon a commit is heard elsewhere.

python -m tests.bench.flow            these figures alone, with a backlog of 100,000
python -m tests.bench.flow 20000      with another one
"""

import logging
import resource
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, TypeVar

from deploy import servers
from deploy.process import Process
from services.catalog.app import build as build_catalog
from services.catalog.settings import read_settings as catalog_settings
from services.notifications.app import build as build_notifications
from services.notifications.settings import read_settings as notifications_settings
from services.registration.app import build as build_registration
from services.registration.settings import read_settings as registration_settings
from shared.bus.broker import Broker, Message
from shared.bus.inbox import Inbox
from shared.bus.outbox import BATCH
from shared.db.transaction import Transaction, new_id
from shared.events.catalog import Meeting, MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.logs import set_up_logs
from shared.loop import run_worker
from shared.service import Service, Worker
from tests.bench.figures import Row, Timed, one_by_one, share_of_rate, share_of_time, table
from tests.bench.programs import ROOT, production, temporary_folder
from tests.bench.sizes import FULL, Sizes
from tests.builders import a_meeting, a_person, a_registration, sealed, tell
from tests.grounds import migration
from tests.waiting import eventually

T = TypeVar("T")

BACKLOG = 100_000
PER_SECOND = 100
"""Events that happen each second while it is measured how soon they are heard."""

_AT_ONCE = 1000


def flow_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Each beside what the broker alone does with the same messages."""
    folder.mkdir()
    with (
        servers.own_postgres(folder / "postgresql") as database,
        servers.own_rabbitmq(folder / "rabbitmq") as broker,
    ):
        alone = broker.make_vhost("alone")
        for url in (broker.url, alone):
            Broker(url, "catalog").declare()
        settings = {
            name: production(database.make_database(name))
            | {"BROKER_URL": broker.url, "MAIL_URL": f"folder:{folder / 'mail'}"}
            for name in ("catalog", "registration", "notifications")
        }
        for name, given in settings.items():
            migration(name)(given["DATABASE_URL"])
        yield from _backlog(settings, alone, sizes.events)
        yield from _latency(settings, alone, folder, sizes.seconds * sizes.rounds * PER_SECOND)


def _backlog(settings: dict[str, dict[str, str]], alone: str, count: int) -> Iterator[Row]:
    """Registrations that were told while nobody listened, and notifications that comes back and hears them."""
    registration = build_registration(registration_settings(settings["registration"]))
    notifications = build_notifications(notifications_settings(settings["notifications"]))
    starts_at = datetime.now(UTC) + timedelta(days=60)
    meeting = a_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    tell(notifications, MeetingPublished(meeting=meeting))
    registration.worker.part("relay").pulse()  # it leads
    _happen(registration, meeting, count)
    told = _pulsed(registration, "relay")
    in_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    handled = _pulsed(notifications, "inbox")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - in_memory) / 1024
    assert (told.count, handled.count) == (count, count), "every event was told, and heard"
    published = _published_only(alone, count)
    received = _received_only(alone, count)
    for service in (registration, notifications):
        _leave(service)

    how = "PostgreSQL fsync on, RabbitMQ, a quorum queue for each of two services, 1 relay"
    yield Row("events told and confirmed", told, f"{how}, {BATCH} at once", share_of_rate(told, published))
    yield Row("the same, published and confirmed only", published, f"{BATCH} at once, no database")
    how = f"{count:,} registrations, each with an invitation to be sent; memory grew by {grown:.0f} MB"
    yield Row("backlog worked off", handled, f"{how}, 1 inbox", share_of_rate(handled, received))
    yield Row("the same, received and acknowledged only", received, "no database")


def _happen(registration: Service, meeting: Meeting, count: int) -> None:
    for first in range(0, count, _AT_ONCE):
        with registration.database.begin() as tx:
            for number in range(first, min(count, first + _AT_ONCE)):
                person = a_person(email=f"sam.{number}@gemeente{number % 100}.example")
                tx.publish(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id, person=person)))


def _pulsed(service: Service, name: str) -> Timed:
    """Let a part work until nothing has come for a second."""
    part = service.worker.part(name)
    count, began = 0, perf_counter()
    last = began
    while perf_counter() - last < 1:
        done = part.pulse()
        count += done
        last = perf_counter() if done else last
    return Timed(count, last - began)


def _leave(service: Service) -> None:
    """Let go of the database, and of the broker: it gives a queue to one reader, and waits long for a mute one."""
    inbox = service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    inbox.broker.close()
    service.database.engine.dispose()


def _received_only(url: str, count: int) -> Timed:
    """What was published only, taken from a queue and put nowhere."""
    with closing(Broker(url, "catalog")) as broker:
        left, began = count, perf_counter()
        while left:
            deliveries = broker.receive()
            broker.acknowledge(deliveries)
            left -= len(deliveries)
            if not deliveries:
                broker.wait(1)
        return Timed(count, perf_counter() - began)


def _published_only(url: str, count: int) -> Timed:
    happened = RegistrationConfirmed(registration=a_registration())
    messages = [Message(new_id(), "registration.confirmed", sealed(happened)) for _ in range(BATCH)]
    done, began = 0, perf_counter()
    with closing(Broker(url, "registration")) as broker:
        while done < count:
            done += len(broker.publish(messages[: count - done]))
        return Timed(count, perf_counter() - began)


def _latency(settings: dict[str, dict[str, str]], alone: str, folder: Path, count: int) -> Iterator[Row]:
    """From a commit in catalog, over its relay, to the handler in notifications: each in a process of its own."""
    notifications = build_notifications(notifications_settings(settings["notifications"]))
    with (
        _relaying(settings["catalog"], folder),
        _listening(notifications) as heard,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere,
    ):
        committed = elsewhere.submit(_committed, settings["catalog"], PER_SECOND + count).result()
        eventually(lambda: committed.keys() <= heard.keys(), seconds=60)
    _leave(notifications)
    ours = one_by_one([heard[id_] - at for id_, at in list(committed.items())[PER_SECOND:]])
    limit = one_by_one(_through_the_broker(alone, count // 4 + 1))
    how = f"{PER_SECOND} per second; commit, relay and inbox in processes of their own, woken by NOTIFY; fsync on"
    yield Row("from a commit to the handler elsewhere", ours, how, share_of_time(ours, limit))
    how = f"{PER_SECOND} per second: published to a quorum queue, confirmed, received; in one process"
    yield Row("a message through the broker alone", limit, how)


@contextmanager
def _relaying(settings: dict[str, str], folder: Path) -> Iterator[None]:
    place = folder / "relay"
    place.mkdir()
    relay = Process(
        [sys.executable, "-m", "services.catalog", "worker", "--only", "relay"],
        directory=place,
        ready=lambda: True,
        environment={"PATH": "", "PYTHONPATH": str(ROOT), **settings},
    )
    relay.start()
    try:
        yield
    finally:
        relay.stop()


@contextmanager
def _listening(service: Service) -> Iterator[dict[str, float]]:
    """When each meeting was heard of, by id: the inbox does its part, and the handler nothing more."""
    heard: dict[str, float] = {}
    inbox, stop = service.worker.part("inbox"), threading.Event()
    assert isinstance(inbox, Inbox)

    def note(_tx: Transaction, happened: Any) -> None:
        heard[happened.meeting.id] = perf_counter()

    inbox.handlers[MeetingPublished] = note
    thread = threading.Thread(target=run_worker, args=(Worker([inbox]), inbox.wait, stop))
    thread.start()
    try:
        yield heard
    finally:
        stop.set()
        thread.join()


def _committed(settings: dict[str, str], count: int) -> dict[str, float]:
    """So many commits at an even pace: when each was done, by a clock that all processes share."""
    set_up_logs("json", logging.ERROR)
    catalog, committed = build_catalog(catalog_settings(settings)), {}
    for meeting in _paced(a_meeting() for _ in range(count)):
        with catalog.database.begin() as tx:
            tx.publish(MeetingPublished(meeting=meeting))
        committed[meeting.id] = perf_counter()
    catalog.database.engine.dispose()
    return committed


def _paced(things: Iterable[T]) -> Iterator[T]:
    """Each when its moment has come."""
    began = perf_counter()
    for number, thing in enumerate(things):
        sleep(max(0.0, began + number / PER_SECOND - perf_counter()))
        yield thing


def _through_the_broker(url: str, count: int) -> Sequence[float]:
    body, took = sealed(RegistrationConfirmed(registration=a_registration())), []
    with closing(Broker(url, "registration")) as speaker, closing(Broker(url, "catalog")) as listener:
        listener.receive()  # it connects
        for message in _paced(Message(new_id(), "registration.confirmed", body) for _ in range(PER_SECOND + count)):
            began = perf_counter()
            speaker.publish([message])
            while not (deliveries := listener.receive()):
                listener.wait(1)
            took.append(perf_counter() - began)
            listener.acknowledge(deliveries)
    return took[PER_SECOND:]


def main(words: list[str]) -> int:
    """Print these rows; 2 for words it does not know."""
    if len(words) > 1 or not all(word.isdecimal() for word in words):
        print(__doc__, file=sys.stderr)
        return 2
    set_up_logs("json", logging.ERROR)
    with temporary_folder() as folder:
        events = int(words[0]) if words else BACKLOG
        print(table(list(flow_rows(folder / "flow", replace(FULL, events=events)))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
