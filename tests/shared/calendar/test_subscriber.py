"""A person subscribes to a feed over HTTP, with vdirsyncer in the part of the calendar program."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from icalendar import Calendar

from tests.shared.calendar.examples import a_feed, a_public_meeting
from tests.shared.calendar.judges import subscribe


class Served(ThreadingHTTPServer):
    """A web server that has one feed, which may change."""

    feed: bytes
    url: str


class Answer(BaseHTTPRequestHandler):
    server: Served

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.feed)))
        self.end_headers()
        self.wfile.write(self.server.feed)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def serving(feed: bytes) -> Iterator[Served]:
    with Served(("127.0.0.1", 0), Answer) as server:
        server.feed = feed
        server.url = f"http://127.0.0.1:{server.server_port}/calendar.ics"
        Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.fixture
def server() -> Iterator[Served]:
    with serving(a_feed(a_public_meeting(), a_public_meeting(uid="2@kring.example", summary="Isolatie"))) as server:
        yield server


def titles(files: list[Path]) -> list[str]:
    return sorted(str(Calendar.from_ical(file.read_bytes()).events[0]["SUMMARY"]) for file in files)


def test_a_subscriber_gets_every_meeting(server: Served, tmp_path: Path) -> None:
    assert titles(subscribe(server.url, tmp_path)) == ["Isolatie", a_public_meeting().summary]


def test_a_subscriber_who_looks_again_sees_nothing_new_until_a_meeting_changes(server: Served, tmp_path: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in subscribe(server.url, tmp_path)}
    assert {file: file.stat().st_mtime_ns for file in subscribe(server.url, tmp_path)} == before
    server.feed = a_feed(a_public_meeting(summary="Verplaatst"))
    assert titles(subscribe(server.url, tmp_path)) == ["Verplaatst"]


def test_a_feed_that_is_none_is_refused(server: Served, tmp_path: Path) -> None:
    server.feed = b"<html>502</html>"
    with pytest.raises(RuntimeError, match="vdirsyncer"):
        subscribe(server.url, tmp_path)
