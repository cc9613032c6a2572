"""People who sign up at a steady pace, whatever happens: ``python -m tests.faults.fire_client ORDERS``.

Each has a moment at which to come; the time that an answer takes is counted from then, whoever was still waited for.
Orders and answers are JSON. On stdout it gives for each the meeting, the address, the status (0 for no answer) and the
seconds.
"""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from time import monotonic
from typing import Any

AT_ONCE = 48


def main(orders: Mapping[str, Any]) -> None:
    """Let all of them come."""
    began, numbers, guard = monotonic(), count(), threading.Lock()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        coming = [threads.submit(_come, orders, began, numbers, guard) for _ in range(AT_ONCE)]
        answers = [answer for each in coming for answer in each.result()]
    json.dump(answers, sys.stdout)


def _come(
    orders: Mapping[str, Any], began: float, numbers: Iterator[int], guard: threading.Lock
) -> list[tuple[str, str, int, float]]:
    connection, pause = HTTPConnection("127.0.0.1", orders["port"], timeout=30), threading.Event()
    answers: list[tuple[str, str, int, float]] = []
    while True:
        with guard:
            number = next(numbers)
        at = began + number / orders["per_second"]
        if number >= orders["per_second"] * orders["seconds"]:
            return answers
        pause.wait(max(0.0, at - monotonic()))
        meeting = orders["meetings"][number % len(orders["meetings"])]
        email = f"p{number}@gemeente.example"
        wish = {"name": f"Persoon {number}", "email": email, "targetGroup": "inkoper"}
        status = _asked(connection, f"/registration/v1/meetings/{meeting}/registrations", wish)
        answers.append((meeting, email, status, monotonic() - at))


def _asked(connection: HTTPConnection, path: str, wish: Mapping[str, str]) -> int:
    with suppress(OSError, HTTPException):
        connection.request("POST", path, json.dumps(wish), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    connection.close()
    return 0


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
