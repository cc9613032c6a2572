"""What the doctor asks about mail: where it goes, who may take it for ours, and whether answers come back."""

from collections.abc import Iterator
from dataclasses import dataclass

from dns.resolver import Resolver

from services.notifications.post.doctor.records import DnsAwayError, Records
from services.notifications.post.doctor.round_trip import RoundTrip
from services.notifications.post.doctor.servers import Reach, by_the_rule, incoming, outgoing
from services.notifications.post.folder import Folder
from shared.doctor.findings import Finding, ok, warning, wrong


@dataclass(frozen=True)
class MailDoctor:
    """Asks for one installation.

    ``trip`` knows how mail goes and comes back, None where none comes in; ``selector`` and ``key`` (PEM) are those of
    DKIM; ``reach`` says where a mail server is called.
    """

    trip: RoundTrip
    takes_answers: bool
    selector: str
    key: bytes | None
    resolver: Resolver
    is_public: bool
    reach: Reach = by_the_rule

    def examine(self) -> Iterator[Finding]:
        """Mail in a folder needs no records and no server; nobody but us reads it."""
        if isinstance(self.trip.outlet, Folder):
            yield self._in_a_folder()
            return
        taken = outgoing(self.trip.outlet)
        yield taken
        yield from self._records()
        if not self.takes_answers:
            remedy = "set REPLIES_URL: who declines in a calendar keeps the seat otherwise"
            yield wrong("answers", "do not come in: REPLIES_URL is not set", remedy)
        elif taken.level == "ok":
            yield from self.trip.go()

    def _in_a_folder(self) -> Finding:
        if self.is_public:
            return wrong(
                "mail", "lies in a folder, and nobody gets it", "set MAIL_URL to a mail server, and MAIL_DOMAIN"
            )
        return ok("mail", "lies in a folder, as is right for a try-out")

    def _records(self) -> Iterator[Finding]:
        records = Records(self.trip.composer.ours.domain, self.resolver)
        try:
            yield from incoming(records.domain, records.mail_servers(), self.reach)
            yield from records.examine(self.selector, self.key)
        except DnsAwayError as error:
            remedy = "see /etc/resolv.conf; what the records say is not known"
            yield warning("DNS", f"no name server answers ({error})", remedy)
