"""A client that keeps many connections busy: each has one request on its way, from processes beside the servers'.

How much it can ask at all is measured with ``/health/live``, which costs a server next to nothing.
"""

import json
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from selectors import EVENT_READ, DefaultSelector
from socket import create_connection, socket
from time import perf_counter

from tests.bench.figures import Timed

CONNECTIONS = 64
PROCESSES = 2

UNIQUE = "#" * 32
"""Stands in a request for what is another one each time."""

WARMING_UP = 0.1
"""The share of the time whose answers are not counted; until the first of all answers nothing is."""

_LENGTH = re.compile(rb"\r\nContent-Length: *([0-9]+)", re.IGNORECASE)


def crowd() -> Executor:
    """The processes that ask."""
    return ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))


def get(path: str, **headers: str) -> bytes:
    """The bytes of a GET; ``if_none_match`` is the header If-None-Match."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


def post(path: str, document: object) -> bytes:
    """The bytes of a POST of JSON."""
    body = json.dumps(document)
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def load(crowd: Executor, port: int, request: bytes, seconds: float, answer: int = 200) -> Timed:
    """Ask for so many seconds. Raises ``RuntimeError`` for any other ``answer`` than that, and for none at all."""
    share = CONNECTIONS // PROCESSES
    asked = [crowd.submit(_ask, port, request, share, seconds, answer) for _ in range(PROCESSES)]
    heard = [each.result() for each in asked]
    took = tuple(time for each in heard for time in each)
    if not took:
        raise RuntimeError(f"no answer in {seconds} seconds")
    return Timed(len(took), seconds, took)


@dataclass(slots=True)
class _Connection:
    """One connection, and the request on its way."""

    socket: socket
    requests: Iterator[bytes]
    answer: bytes
    asked_at: float = 0
    received: bytes = b""

    def ask(self) -> None:
        self.received = b""
        self.asked_at = perf_counter()
        self.socket.sendall(next(self.requests))

    def has_answer(self) -> bool:
        """Read what came; tell whether it is all."""
        came = self.socket.recv(1 << 18)
        self.received += came
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found and came:
            return False
        length = _LENGTH.search(head)
        if not head.startswith(self.answer) or not (length or b" 304 " in head):
            raise RuntimeError(f"instead of {self.answer.decode()}: {self.received[:1000].decode(errors='replace')}")
        return len(body) >= int(length[1] if length else 0)


def _ask(port: int, request: bytes, connections: int, seconds: float, answer: int) -> list[float]:
    """How long each answer took that came within the time."""
    took: list[float] = []
    requests = _each_unique(request)
    with ExitStack() as opened, DefaultSelector() as selector:
        for _ in range(connections):
            link = opened.enter_context(create_connection(("127.0.0.1", port), timeout=30))
            connection = _Connection(link, requests, b"HTTP/1.1 %d " % answer)
            selector.register(link, EVENT_READ, connection)
            connection.ask()
        now = perf_counter()
        counts_from, warm = now + seconds * WARMING_UP, False
        while not warm or now < counts_from + seconds:
            for key, _ in selector.select(1):
                connection = key.data
                if connection.has_answer():
                    now = perf_counter()
                    if not warm:
                        counts_from, warm = max(counts_from, now), True
                    if counts_from < now < counts_from + seconds:
                        took.append(now - connection.asked_at)
                    connection.ask()
            now = perf_counter()
    return took


def _each_unique(request: bytes) -> Iterator[bytes]:
    mine = secrets.token_hex(8)
    return (request.replace(UNIQUE.encode(), f"{mine}{number:016}".encode()) for number in count())
