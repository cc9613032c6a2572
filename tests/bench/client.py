"""A client that keeps many connections busy: wrk, a program in C, as pgbench is; each has one request on its way.

How much it can ask at all is measured with ``/health/live``, which costs a server next to nothing.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from tempfile import NamedTemporaryFile

from tests.bench.figures import Timed

CONNECTIONS = 64
CLIENT_THREADS = 2

LONGEST = 60
"""Seconds in which there is an answer on any machine."""

UNIQUE = "#" * 32
"""Stands in a request's body for what is another one each time."""

ONE_OF_A_HUNDRED = "@" * 12
"""Stands in a request's path for a number from 0 to 99 in twelve digits, another one each time."""

_SCRIPT = """
local method, path, which, body, unique, run, answer = %s
local headers = {%s}
local threads = {}
local number = 0
strange, first = 0, ""

function setup(thread)
  table.insert(threads, thread)
  thread:set("mine", #threads)
end

function request()
  number = number + 1
  local there = path:gsub(which, ("%%012d"):format(number %% 100))
  return wrk.format(method, there, headers, (body:gsub(unique, run .. "." .. mine .. "." .. number)))
end

function response(status, _, text)
  if status ~= answer then
    if strange == 0 then first = status .. ": " .. text:sub(1, 500) end
    strange = strange + 1
  end
end

function done(summary, latency)
  local errors = summary.errors
  print("count", summary.requests, summary.duration)
  for _, thread in ipairs(threads) do
    if thread:get("strange") > 0 then print("strange", thread:get("first"):gsub("%%s+", " "), "") end
  end
  if errors.connect + errors.read + errors.write + errors.timeout > 0 then
    print("strange", "connections that failed", "")
  end
  for part = 1, 999 do print("took", latency:percentile(part / 10), "") end
end
"""
"""Tells all in lines of three cells, times in microseconds; also the first answer that is not the wanted one."""


@dataclass(frozen=True)
class Request:
    """What is asked over and over; ``UNIQUE`` in the body is another word each time, as is ``ONE_OF_A_HUNDRED``."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def get(path: str, **headers: str) -> Request:
    """A GET; ``if_none_match`` is the header If-None-Match."""
    return Request(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def post(path: str, document: object) -> Request:
    """A POST of JSON."""
    return Request(path, "POST", json.dumps(document), {"Content-Type": "application/json"})


def load(port: int, request: Request, seconds: int, answer: int = 200) -> Timed:
    """Ask for so many seconds; for longer where nobody answers in that time, as happens on a busy machine.

    Raises ``RuntimeError`` for any other ``answer`` than that, and for none at all in ``LONGEST``. Of the times of all
    answers it gives 999 that stand at equal distances from the shortest to the longest.
    """
    time = seconds
    while time <= LONGEST:
        told = _told(port, request, time, answer)
        count, duration = next((int(cells[1]), float(cells[2]) / 1e6) for cells in told if cells[0] == "count")
        if count:
            return Timed(count, duration, tuple(float(cells[1]) / 1e6 for cells in told if cells[0] == "took"))
        time *= 2
    raise RuntimeError(f"no answer in {LONGEST} seconds")


def _told(port: int, request: Request, seconds: int, answer: int) -> list[list[str]]:
    """The lines of wrk's script, by their cells. Raises ``RuntimeError`` for any other answer."""
    with NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_script(request, answer))
        script.flush()
        command = [_program(), f"-t{CLIENT_THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
        command += ["-s", script.name, f"http://127.0.0.1:{port}"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    told = [line.split("\t") for line in ran.stdout.splitlines() if line.count("\t") > 1]
    strange = [cells[1] for cells in told if cells[0] == "strange"]
    if strange:
        raise RuntimeError(f"instead of {answer}: {strange[0]}")
    return told


def _script(request: Request, answer: int) -> str:
    headers = ", ".join(f"[{_lua(name)}] = {_lua(value)}" for name, value in request.headers.items())
    texts = (request.method, request.path, ONE_OF_A_HUNDRED, request.body, UNIQUE, token_hex(8))
    words = ", ".join(map(_lua, texts))
    return _SCRIPT % (f"{words}, {answer}", headers)


def _lua(text: str) -> str:
    """A string for Lua: what JSON writes for plain ASCII is one."""
    return json.dumps(text)


def _program() -> str:
    """Where wrk is. Raises ``SystemExit`` where there is none."""
    found = shutil.which("wrk")
    if not found:
        raise SystemExit("wrk is missing: install wrk")
    return found
