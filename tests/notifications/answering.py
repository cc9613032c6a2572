"""What a calendar program sends when its user answers an invitation (RFC 5546 3.2.3), written by hand."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from tests.notifications.office import Entry, Mail

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)


def answer(mail: Mail, partstat: str, *, at: datetime = NOON, sender: str = "", **changes: str) -> bytes:
    """The mail that answers ``mail`` with ``partstat``, stamped ``at``.

    ``sender`` is From, else the attendee; ``changes`` replace properties (``METHOD``, ``UID``, ``SEQUENCE``,
    ``ATTENDEE`` …); an empty one leaves its line out.
    """
    entry = mail.entry
    attendee = entry.attendee.value.removeprefix("mailto:")
    lines = {
        "METHOD": "REPLY",
        "UID": entry.uid,
        "SEQUENCE": str(entry.sequence),
        "DTSTAMP": f"{at:%Y%m%dT%H%M%SZ}",
        "ATTENDEE": f"mailto:{attendee}",
        "COMMENT": "",
        "DTSTART": f"{entry.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        **changes,
    }
    return _mail(entry, sender or attendee, partstat, lines)


def words(mail: Mail, text: str, **headers: str) -> bytes:
    """The mail of somebody who answers ``mail`` in words."""
    written = EmailMessage(policy=SMTP)
    written["From"] = mail.entry.attendee.value.removeprefix("mailto:")
    written["To"] = mail.entry.organizer
    written["Subject"] = f"Re: {mail.subject}"
    for name, value in headers.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written.as_bytes()


def _mail(entry: Entry, sender: str, partstat: str, lines: dict[str, str]) -> bytes:
    inside = {name: lines[name] for name in ("UID", "SEQUENCE", "DTSTAMP", "COMMENT") if lines[name]}
    calendar = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Example//A calendar//EN",
            "VERSION:2.0",
            f"METHOD:{lines['METHOD']}",
            "BEGIN:VEVENT",
            *(f"{name}:{value}" for name, value in inside.items()),
            f"DTSTART:{lines['DTSTART']}",
            f"ORGANIZER:mailto:{entry.organizer}",
            f"ATTENDEE;PARTSTAT={partstat}:{lines['ATTENDEE']}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"] = sender, entry.organizer
    written["Subject"] = f"{partstat.capitalize()}: {entry.summary}"
    written.set_content("Met een agenda geantwoord.")
    written.add_alternative(
        calendar.encode(),
        maintype="text",
        subtype="calendar",
        params={"charset": "utf-8", "method": lines["METHOD"]},
    )
    return written.as_bytes()
