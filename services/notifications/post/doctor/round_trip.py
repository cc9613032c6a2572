"""An invitation to ourselves, by the way that all mail goes, and the answer to it: if these arrive, others do.

Both are taken out of the mailroom again when they have been seen.
"""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes

from sqlalchemy import delete, select

from services.notifications import tables
from services.notifications.post.arrivals.parse import parsed
from services.notifications.post.compose import Composer
from services.notifications.post.letters import Letter
from services.notifications.post.message import CalendarObject, Headers, message
from services.notifications.post.outlet import Envelope, NotNowError, Outlet, RefusedError
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.replies import Incoming
from shared.calendar.entry import Entry
from shared.calendar.scheduling import Attendee, Busy, Organizer, Partstat, reply, request
from shared.db.transaction import Database, new_id
from shared.doctor.findings import Finding, ok, warning, wrong
from shared.service import Part

_SUBJECT = "Kring asks itself whether its mail arrives"
_VERDICT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)
_PAUSE = 0.5  # seconds between two looks
_NAME = "Kring"


@dataclass(frozen=True)
class RoundTrip:
    """``arrivals`` is the part that takes mail in: it is pulsed here, for the worker that does so may not run.

    ``patience`` is in seconds, for each of the two mails.
    """

    database: Database
    composer: Composer
    outlet: Outlet
    arrivals: Part
    authserv_id: str
    patience: float = 120.0

    def go(self) -> Iterator[Finding]:
        """Send the invitation, wait for it, answer it, wait for the answer."""
        address = self._ours.reply_to(self._ours.new_token(secrets.token_bytes(10)))
        self._take_in()  # whoever hands it in may be quicker than we are
        try:
            entry = self._entry()
            invitation = self._sent(address, CalendarObject("REQUEST", _request(entry, address)))
            yield ok("invitation", f"handed over, to an address of ours at {self._ours.domain}")
            arrived = self._awaited(address, "REQUEST")
            if arrived is None:
                yield self._lost("invitation", invitation)
                return
            yield ok("invitation", "arrived where answers of calendars do")
            yield self._verdict(arrived)
            self._sent(address, CalendarObject("REPLY", _reply(entry, address)))
            answer = self._awaited(address, "REPLY")
            yield ok("answer", "read: accepted") if answer else self._lost("answer", address)
        except (RefusedError, NotNowError) as error:
            remedy = f"see the log of the mail server: it takes no mail from us to {self._ours.domain}"
            yield wrong("invitation", str(error), remedy)
        finally:
            self._forget(address)

    @property
    def _ours(self) -> OurAddresses:
        return self.composer.ours

    def _entry(self) -> Entry:
        now = self.database.clock()
        return Entry(
            uid=f"{new_id()}@{self._ours.domain}",
            sequence=0,
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, hours=1),
            time_zone="Europe/Amsterdam",
            summary=_SUBJECT,
            description=_SUBJECT,
            location="",
            url="",
            created_at=now,
            last_modified_at=now,
        )

    def _sent(self, address: str, enclosed: CalendarObject) -> str:
        """Hand it over; gives the Message-ID."""
        message_id = f"<{new_id()}@{self._ours.domain}>"
        headers = Headers(
            sender=self._ours.sender(),
            sender_name=self.composer.from_name,
            recipient=address,
            recipient_name=_NAME,
            reply_to=address,
            message_id=message_id,
            thread=None,
            correlation_id="doctor",
            sent_at=self.database.clock(),
        )
        source = message(headers, Letter(_SUBJECT, f"{_SUBJECT}.", f"<p>{_SUBJECT}.</p>"), enclosed)
        if self.composer.signer:
            source = self.composer.signer.signed(source)
        bounces = self._ours.bounces(self._ours.new_token(secrets.token_bytes(10)))
        self.outlet.deliver(Envelope(bounces, address), message_id, source)
        self.outlet.rest()
        return message_id

    def _awaited(self, address: str, method: str) -> Incoming | None:
        """The mail to ``address`` with this METHOD as soon as it is filed; None where it does not come in time."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            self._take_in()
            for mail in self._filed(address):
                if _method_of(mail) == method:
                    return mail
            time.sleep(_PAUSE)
        return None

    def _take_in(self) -> None:
        with suppress(Exception):  # a worker listens there already, or the mail server is away: then look on
            self.arrivals.pulse()

    def _filed(self, address: str) -> list[Incoming]:
        known = tables.incoming_mail
        with self.database.reading() as session:
            sources = session.scalars(select(known.c.source).where(known.c.recipient == address)).all()
        return [parsed(source, address, self.authserv_id) for source in sources]

    def _forget(self, address: str) -> None:
        known = tables.incoming_mail
        with self.database.begin() as tx:
            tx.session.execute(delete(known).where(known.c.recipient == address))

    def _verdict(self, mail: Incoming) -> Finding:
        """What the mail server that took it in says of who sent it (RFC 8601)."""
        if mail.is_authentic:
            return ok("sender", f"{self.authserv_id} says that it was us")
        headers = message_from_bytes(mail.source).get_all("Authentication-Results", [])
        said = dict.fromkeys(
            f"{name.lower()}={verdict}" for each in headers for name, verdict in _VERDICT.findall(each)
        )
        if not said:
            remedy = "let the server that takes mail in check DMARC, and name it in AUTHSERV_ID"
            return warning("sender", f"{self.authserv_id} wrote no Authentication-Results", remedy)
        remedy = "mend SPF and DKIM, above; what fails both others may throw away"
        return wrong("sender", f"not known to be us: {', '.join(said)}", remedy)

    def _lost(self, subject: str, what: str) -> Finding:
        remedy = "follow it in the log of the mail server: from MAIL_URL to the MX, and from there to REPLIES_URL"
        return wrong(subject, f"{what} did not arrive within {self.patience:.0f} seconds", remedy)


def _request(entry: Entry, address: str) -> bytes:
    asked = Attendee(address, _NAME)
    return request(entry, Organizer(address, _NAME), asked, busy=Busy.TENTATIVE, stamped_at=entry.created_at)


def _reply(entry: Entry, address: str) -> bytes:
    said = Attendee(address, _NAME, Partstat.ACCEPTED)
    return reply(entry, Organizer(address, _NAME), said, stamped_at=entry.created_at)


def _method_of(mail: Incoming) -> str:
    return next((heard.method for heard in mail.calendars if heard), "")
