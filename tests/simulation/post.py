"""Where mail goes in a simulated life: every calendar object that left, in the order in which it arrived."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.post.compose import Composed, Composer
from services.notifications.post.outlet import AwayError, Envelope, NotNowError
from services.notifications.rules.addresses import mailbox
from shared.times import utc_text
from tests.faults.invariants import Letter
from tests.simulation.fate import Fate


class Pencil(Composer):
    """Writes of a mail only what its calendar object says: rendering it takes longer than all else about it."""

    def compose(self, session: Session, mail: Row[Any]) -> Composed:
        """See ``Composer``."""
        del session
        recipient = mailbox(mail.recipient)
        said = (mail.method, mail.uid, str(mail.sequence), utc_text(mail.queued_at)) if mail.invitation_id else ()
        return Composed(self.ours.bounces(mail.token), recipient, mail.kind, "\n".join(said).encode())


@dataclass
class Letterbox:
    """Takes mail, unless fate is against it. ``meanwhile`` is what else may happen while the network talks."""

    fate: Fate
    meanwhile: Callable[[], None]
    longest: timedelta = timedelta(seconds=10)
    sources: dict[str, bytes] = field(default_factory=dict)
    arrived: list[Letter] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def deliver(self, envelope: Envelope, message_id: str, source: bytes) -> None:
        """See ``Outlet``."""
        if self.fate.strikes("no mail server"):
            raise AwayError("nobody answers")
        if self.fate.strikes("mail not taken now"):
            raise NotNowError("451 not now")
        if self.fate.strikes("something comes in between"):
            self.meanwhile()
        if self.sources.setdefault(message_id, source) != source:
            self.problems.append(f"I4: {message_id} left twice, and was not the same")
        if source:
            method, uid, sequence, stamp = source.decode().split("\n")
            self.arrived.append(Letter(envelope.recipient, method, uid, int(sequence), stamp, len(self.arrived)))
        if self.fate.strikes("mail taken, and never said so"):
            raise NotNowError("the connection broke")

    def probe(self) -> None:
        """See ``Outlet``."""
        if self.fate.strikes("no mail server"):
            raise AwayError("nobody answers")

    def rest(self) -> None:
        """Nothing is held between mails."""
