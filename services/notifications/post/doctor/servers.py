"""Whether mail servers are there: the one that takes our mail, and those that take what comes for our domain."""

import smtplib
from collections.abc import Callable, Iterator, Sequence

from services.notifications.post.outlet import AwayError, Outlet
from shared.doctor.findings import Finding, ok, warning, wrong

_SMTP = 25
_PATIENCE = 8.0

Reach = Callable[[str], tuple[str, int]]
"""Where a mail server of this name is called: host and port."""


def by_the_rule(name: str) -> tuple[str, int]:
    """On port 25 (RFC 5321 4.5.4.2)."""
    return name, _SMTP


def outgoing(outlet: Outlet) -> Finding:
    """Whether the server that ``MAIL_URL`` names is there, and lets us in."""
    try:
        outlet.probe()
    except AwayError as error:
        return wrong("mail server", str(error), "see that it runs, and that MAIL_URL names it with the right password")
    return ok("mail server", "takes our mail")


def incoming(domain: str, hosts: Sequence[str], reach: Reach) -> Iterator[Finding]:
    """Whether the servers that the MX records of ``domain`` name answer, and offer TLS (RFC 3207)."""
    if not hosts:
        remedy = f"publish: {domain}. MX 10 …, the server that hands mail in here (REPLIES_URL)"
        yield wrong("MX", f"no record at {domain}: no answer of a calendar arrives", remedy)
    for host in hosts:
        yield _incoming(host, reach)


def _incoming(host: str, reach: Reach) -> Finding:
    try:
        with smtplib.SMTP(*reach(host), timeout=_PATIENCE) as server:
            server.ehlo()
            offers_tls = server.has_extn("starttls")
    except (smtplib.SMTPException, OSError) as error:
        remedy = "see that it runs and that port 25 of it is open; from here it may be closed for all mail servers"
        return warning("MX", f"{host} does not answer us ({type(error).__name__})", remedy)
    if not offers_tls:
        return wrong("STARTTLS", f"{host} offers none: answers of people travel in clear", "give it a certificate")
    return ok("MX", f"{host} answers, and offers STARTTLS")
