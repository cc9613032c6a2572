"""The next version of Kring, as far as others notice it: what it tells has a field more, and it tells of a novelty."""

import sys
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from shared.bus import outbox
from shared.db.transaction import new_id
from shared.events.contract import Publisher, event
from shared.events.envelope import Envelope, seal


def begin(app: Any) -> None:
    """Let this process, which builds its service with ``app``, tell as tomorrow's code does.

    Those that do what is due tell of the novelty when they start: one for each service.
    """
    everyone: tuple[Publisher, ...] = ("catalog", "registration", "notifications")
    novelty = event("novelty.invented", by=everyone, aggregate="novelty", key="id")(NoveltyInvented)
    build = app.build

    @wraps(build)
    def built(*given: Any, **named: Any) -> Any:
        service = build(*given, **named)
        if "due" in sys.argv:
            with service.database.begin() as tx:
                tx.publish(novelty(id=new_id()))
        return service

    app.build, outbox.seal = built, _with_a_field_more  # type: ignore[attr-defined]  # in a process made for it


@dataclass(frozen=True, kw_only=True)
class NoveltyInvented:
    """Nobody of today knows it."""

    id: str


def _with_a_field_more(envelope: Envelope) -> bytes:
    return seal(replace(envelope, data={**envelope.data, "tomorrow": "a field that nobody knows"}))
