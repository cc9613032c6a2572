"""A mail server that keeps what it takes as files, and that can be in a bad mood."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from services.notifications.post.folder import Folder
from services.notifications.post.outlet import Envelope

FOR_EVER, A_MOMENT = 3600.0, 1.0


class Postbox:
    """``answers`` stand for what is said to RCPT: a code, ``slow`` or ``silent``; each in turn, over and over.

    ``refused`` are the addresses to which it said that nobody lives there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Folder(folder)
        self.answers: list[str] = []
        self.refused: set[str] = set()
        self.said = 0
        self.port = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        answer = self.answers[self.said % len(self.answers)] if self.answers else "250"
        self.said += 1
        match answer:
            case "silent":
                await asyncio.sleep(FOR_EVER)
            case "slow":
                await asyncio.sleep(A_MOMENT)
            case "550":
                self.refused.add(address)
                return "550 5.1.1 nobody here"
            case "421" | "450":
                return f"{answer} 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        message_id = str(message_from_bytes(envelope.content, policy=default)["Message-ID"]).strip()
        self.folder.deliver(Envelope("", ""), message_id, envelope.content)
        return "250 OK"


@contextmanager
def a_postbox(folder: Path) -> Iterator[Postbox]:
    """A server on a free port of this machine, whose mail goes to ``sent/`` in ``folder``."""
    postbox = Postbox(folder)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="postbox")
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(postbox, hostname="postbox", timeout=10, loop=loop, decode_data=False), "127.0.0.1"
        )

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    postbox.port = server.sockets[0].getsockname()[1]
    try:
        yield postbox
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
