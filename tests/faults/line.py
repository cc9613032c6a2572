"""A TCP line to a server of this machine, on which words can get lost or come late without either end hearing of it."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from enum import Enum

_CHUNK = 65536


class Mood(Enum):
    """What becomes of what is said; the values are how a table calls it."""

    THROUGH = "as it should"
    DEAD = "half-open: nothing arrives on either side"
    DEAF = "one way: what the client says is lost"
    MUTE = "one way: what the server says is lost"
    LATE_QUESTIONS = "slow: what the client says comes late"
    LATE_ANSWERS = "slow: what the server says comes late"


LOSES = {"asked": {Mood.DEAD, Mood.DEAF}, "answered": {Mood.DEAD, Mood.MUTE}}
DELAYS = {"asked": {Mood.LATE_QUESTIONS}, "answered": {Mood.LATE_ANSWERS}}


class Line:
    """Listens at ``port`` and speaks with the server at ``to``, in a ``mood`` that may change at any time.

    A connection on which something got lost stays dead when all others recover, and neither end is told that the other
    hung up: so it is where a firewall has forgotten them.
    """

    def __init__(self, to: int, late: float = 3.0) -> None:
        self.to = to
        self.late = late
        self.mood = Mood.THROUGH
        self.port = 0
        self.lost = 0
        self._held: set[object] = set()

    async def _meet(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            to_client.transport.abort()
            return
        dead, me = asyncio.Event(), asyncio.current_task()
        self._held.add(me)  # asyncio itself lets go of it when one end hangs up
        try:
            await asyncio.gather(
                self._carry("asked", client, to_server, dead), self._carry("answered", server, to_client, dead)
            )
        except (OSError, asyncio.CancelledError):
            pass  # one end hung up, or all is over: so do we
        finally:
            self._held.discard(me)
            to_client.transport.abort()
            to_server.transport.abort()

    async def _carry(
        self, way: str, hear: asyncio.StreamReader, say: asyncio.StreamWriter, dead: asyncio.Event
    ) -> None:
        while words := await hear.read(_CHUNK):
            if self.mood in DELAYS[way]:
                await asyncio.sleep(self.late)
            if self.mood in LOSES[way]:
                self.lost += 1
                dead.set()
            if not dead.is_set():
                say.write(words)
                await say.drain()
        if not dead.is_set():
            say.close()


@contextlib.contextmanager
def lines(*tos: int) -> Iterator[list[Line]]:
    """A line to each of these ports of this machine; they end with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="lines")
    thread.start()
    made = [Line(to) for to in tos]

    async def listen(line: Line) -> asyncio.Server:
        server = await asyncio.start_server(line._meet, "127.0.0.1")  # noqa: SLF001  # the two are one
        line.port = server.sockets[0].getsockname()[1]
        return server

    servers = [asyncio.run_coroutine_threadsafe(listen(line), loop).result() for line in made]
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(_end(servers), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(servers: list[asyncio.Server]) -> None:
    for server in servers:
        server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # what was aborted is closed at the next turn
