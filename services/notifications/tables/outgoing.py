"""Mail that leaves, and where it did not arrive."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, false

from services.notifications.tables.foundation import MAIL_KEPT, SENDING, metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

outgoing_mail = Table(
    "outgoing_mail",  # one row per mail to one recipient; the key keeps a side effect from happening twice
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),  # the folder of its template
    Column("recipient", Text, nullable=False, **personal("to send the mail", keep=MAIL_KEPT)),
    Column("recipient_name", Text, nullable=False, **personal("to address the person", keep=MAIL_KEPT)),
    Column(  # of the recipient
        "domain", Text, nullable=False, server_default="", **personal("to send no domain too much", keep=MAIL_KEPT)
    ),
    Column("language", String(2), nullable=False),
    Column("meeting_id", String(36)),
    Column("registration_id", String(36), index=True),
    Column("invitation_id", String(36), ForeignKey("invitation.id")),  # only where it carries a calendar object
    Column("method", String(20)),
    Column("sequence", Integer),
    Column("partstat", String(15)),
    Column("asks_anew", Boolean, nullable=False, server_default=false()),  # an older yes does not count any more
    Column("holding", Json, **personal("to write the calendar object", keep=MAIL_KEPT)),  # what it says
    Column(  # what else this kind of mail says: causes, reasons, what was asked for
        "about", Json, nullable=False, **personal("to write the mail", keep=MAIL_KEPT)
    ),
    Column("subject", Text, **personal("to find a mail again", keep=MAIL_KEPT)),
    Column("source", LargeBinary, **personal("to send the same bytes again", keep=MAIL_KEPT)),
    Column("message_id", String(320), nullable=False, **IMPERSONAL),
    Column(  # in the envelope's sender: a report names the mail by it
        "token", String(60), nullable=False, index=True, server_default=""
    ),
    Column("correlation_id", String(80), nullable=False),
    Column(  # waiting, sending, sent, failed; bounced: it came back; replaced: overtaken before it left
        "status", String(10), nullable=False
    ),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", Instant, nullable=False),  # also DTSTAMP and Date
    Column("next_attempt_at", Instant, nullable=False),
    Column("useful_until", Instant),  # from then on it is not sent any more
    Column("leased_until", Instant),
    Column("lane", Integer),  # while it is being sent: 1 to 3 of its domain, each for one mail
    Column("sent_at", Instant),
    Column("error", Text, **IMPERSONAL),
    Index("ix_outgoing_mail_status_next_attempt_at", "status", "next_attempt_at"),
    Index("ix_outgoing_mail_invitation_id", "invitation_id"),
    Index("ix_outgoing_mail_meeting_id_kind", "meeting_id", "kind"),
)

Index(
    "uq_outgoing_mail_lane",
    outgoing_mail.c.domain,
    outgoing_mail.c.lane,
    unique=True,
    postgresql_where=outgoing_mail.c.status == SENDING,
    sqlite_where=outgoing_mail.c.status == SENDING,
)

mail_pace = Table(
    "mail_pace",  # when a mailbox was mailed of late because of what anyone may type; the key is a keyed hash
    metadata,
    Column("key", String(64), primary_key=True),
    Column("turns", Json, nullable=False, **IMPERSONAL),  # [moment, post of a series], oldest first
    Column("last_at", Instant, nullable=False, index=True),
)

mail_server = Table(
    "mail_server",  # one row, from the first time that it was away: how often in a row, since when, when to ask again
    metadata,
    Column("name", String(10), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("away_since", Instant),
    Column("probe_at", Instant, nullable=False),
    Column("error", Text, **IMPERSONAL),
)

bounced_address = Table(
    "bounced_address",  # where mail did not arrive; ``since`` is NULL where it does again
    metadata,
    Column("id", String(36), primary_key=True),
    Column("address", Text, nullable=False, unique=True, **personal("to know that mail is lost", keep=MAIL_KEPT)),
    Column("since", Instant),
    Column("error", Text, nullable=False, **IMPERSONAL),
    Column("reported", Boolean, nullable=False),  # it came back later; else our mail server refused it at once
)
