"""Mail that came in."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from services.notifications.tables.foundation import MAIL_KEPT, metadata
from shared.db.base import IMPERSONAL, Instant, personal

incoming_mail = Table(
    "incoming_mail",  # every mail that came in, and what was made of it
    metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of recipient and source: the same mail counts once
    Column("recipient", Text, nullable=False, **IMPERSONAL),  # an address of ours
    Column("sender", Text, nullable=False, **personal("to see who asks something", keep=MAIL_KEPT)),
    Column("subject", Text, nullable=False, **personal("to see who asks something", keep=MAIL_KEPT)),
    Column("source", LargeBinary, nullable=False, **personal("to see who asks something", keep=MAIL_KEPT)),
    Column("received_at", Instant, nullable=False, index=True),
    Column("outcome", String(20), nullable=False),  # what was made of it: rules.outcomes
    Column("why", String(40), nullable=False),
    Column("choice", String(10)),  # what a calendar answered
    Column(  # with the two below: what waits for the invited person to say that it was them
        "claimed_by", Text, **personal("to ask whose answer it is", keep=MAIL_KEPT)
    ),
    Column("claimed_sequence", Integer),
    Column("claimed_stamp", Instant),
    Column("meeting_id", String(36), index=True),
    Column("registration_id", String(36)),
    Column("invitation_id", String(36), index=True),
)
