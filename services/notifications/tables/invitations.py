"""What calendars hold, and whose they are."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.notifications.tables.foundation import LIVE, MEETING_KEPT, metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

calendar_feed = Table(
    "calendar_feed",  # a person's own meetings to subscribe to, behind an address of which only the hash is kept
    metadata,
    Column("address", Text, primary_key=True, **personal("to show a person's own meetings", keep="until withdrawn")),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # rises with whatever may change what the feed says
    Column("changed_at", Instant, nullable=False),  # moves only forward
)

invitation = Table(
    "invitation",  # what one calendar holds for one meeting; the columns told_… say what it was last told, if anything
    metadata,
    Column("id", String(36), primary_key=True),
    Column("uid", String(200), nullable=False, unique=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("registration_id", String(36), index=True),  # NULL: invited, but not signed up (yet)
    Column("guest", Json, **personal("to sign up who accepts", keep=MEETING_KEPT)),  # who that is
    Column("campaign_id", String(36), index=True),
    Column(  # with #2, #3 … for the others who share a mailbox
        "address", Text, nullable=False, **personal("to know whose calendar it is", keep=MEETING_KEPT)
    ),
    Column("token", String(60), nullable=False, unique=True),
    Column("organizer", String(320), nullable=False, **IMPERSONAL),  # our reply address with the token in it
    Column("state", String(10), nullable=False),  # live; cancelled: we withdrew it; dead: it ended without a CANCEL
    Column("answer", String(10)),  # accepted, tentative, declined
    Column("answer_sequence", Integer),
    Column("answer_stamp", Instant),  # the answer's own DTSTAMP
    Column("answer_by", String(10)),  # calendar, or page: a button of ours
    Column("told_method", String(10)),
    Column("told_sequence", Integer),
    Column("told_holding", Json, **personal("to know what the calendar holds", keep=MEETING_KEPT)),
    Column("asked_anew", Integer, nullable=False, server_default="0"),  # the last SEQUENCE with another time or place
    Column("told_at", Instant),  # DTSTAMP last given: the next one is later
    Column("made_at", Instant, nullable=False),
)

Index(
    "uq_invitation_live",
    invitation.c.meeting_id,
    invitation.c.address,
    unique=True,
    postgresql_where=invitation.c.state == LIVE,
    sqlite_where=invitation.c.state == LIVE,
)

alias = Table(
    "alias",  # another address of someone who was invited, as they confirmed themselves
    metadata,
    Column("address", Text, nullable=False, **personal("to know whose answer it is", keep=MEETING_KEPT)),
    Column("owner", Text, nullable=False, **personal("to know whose answer it is", keep=MEETING_KEPT)),
    Column("confirmed_at", Instant, nullable=False),
    PrimaryKeyConstraint("address", "owner"),
)
