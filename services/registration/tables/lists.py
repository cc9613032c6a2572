"""To whom lists of people went by themselves."""

from sqlalchemy import Boolean, Column, ForeignKey, String, Table, Text, UniqueConstraint

from services.registration.tables.foundation import MEETING_KEEP, metadata
from shared.db.base import Instant, personal

list_delivery = Table(
    "list_delivery",  # which list went out by itself to whom; a link to the list as a file is a signature over the id
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False),
    Column("email", Text, nullable=False, **personal("to account for who got a list", keep=MEETING_KEEP)),
    Column("target_group", String(60), nullable=False),  # empty: everyone
    Column("purpose", String(20), nullable=False),
    Column("moment", Instant, nullable=False),  # when it was to go out
    Column("valid_until", Instant, nullable=False),
    Column("as_file", Boolean, nullable=False),
    UniqueConstraint("meeting_id", "email", "target_group", "purpose", "moment"),
)
