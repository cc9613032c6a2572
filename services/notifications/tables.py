"""What notifications remembers."""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
    literal_column,
)

from shared.db.base import (
    IMPERSONAL,
    Instant,
    Json,
    flow_tables,
    grant_table,
    limit_table,
    new_metadata,
    personal,
)

metadata = new_metadata()
flow = flow_tables(metadata)
grants = grant_table(metadata)
limits = limit_table(metadata)

LIVE: ColumnElement[str] = literal_column("'live'")
WAITING: ColumnElement[str] = literal_column("'waiting'")
SENDING: ColumnElement[str] = literal_column("'sending'")
"""As a statement that runs often says them: with a parameter in its place SQLite plans it anew each time, in case an
index of only such rows would do, and that takes twenty times as long as the statement.
"""

_MEETING_KEPT = "until 60 days after the meeting, unless it says otherwise"
_MAIL_KEPT = "30 days"
_SUBSCRIBED = "until the person unsubscribes"

meeting = Table(
    "meeting",  # catalog's newest facts of each meeting; also locked while those who follow it are told
    metadata,
    Column("id", String(36), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),  # codes: whose organisers may see its mail
    Column("facts", Json, nullable=False, **personal("to name the organiser and the speakers", keep=_MEETING_KEPT)),
)

registration = Table(
    "registration",  # registration's newest facts of each sign-up, and the news that was last told about it
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("address", Text, index=True, **personal("to find all sign-ups of one address", keep=_MEETING_KEPT)),
    Column("status", String(20), nullable=False),
    Column("facts", Json, nullable=False, **personal("to invite the person and to tell them", keep=_MEETING_KEPT)),
    Column("news", String(20)),  # NULL: nothing was told yet
    Column("tellings", Integer, nullable=False),  # how often there was news: part of the key of a plain mail
    Column("waits_for", String(10)),  # what is waited for: seat, online; in the order of the queue numbers
    Column("queue_number", Integer),
    Column("changes", Integer, nullable=False),  # how often the facts changed, and when they last did
    Column("changed_at", Instant, nullable=False),
    Index("ix_registration_waits", "meeting_id", "waits_for", "queue_number"),
)

calendar_feed = Table(
    "calendar_feed",  # a person's own meetings to subscribe to, behind an address of which only the hash is kept
    metadata,
    Column("address", Text, primary_key=True, **personal("to show a person's own meetings", keep="until withdrawn")),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # rises with whatever may change what the feed says
    Column("changed_at", Instant, nullable=False),  # moves only forward
)

message = Table(
    "message",  # what an organiser wrote to those who signed up: kept once, however many it goes to
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("subject", Text, nullable=False, **personal("to mail it", keep=_MEETING_KEPT)),
    Column("text", Text, nullable=False, **personal("to mail it", keep=_MEETING_KEPT)),
    Column("urgent", Boolean, nullable=False),
)

invitation = Table(
    "invitation",  # what one calendar holds for one meeting; the columns told_… say what it was last told, if anything
    metadata,
    Column("id", String(36), primary_key=True),
    Column("uid", String(200), nullable=False, unique=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("registration_id", String(36), index=True),  # NULL: invited, but not signed up (yet)
    Column("guest", Json, **personal("to sign up who accepts", keep=_MEETING_KEPT)),  # who that is
    Column("campaign_id", String(36), index=True),
    Column(  # with #2, #3 … for the others who share a mailbox
        "address", Text, nullable=False, **personal("to know whose calendar it is", keep=_MEETING_KEPT)
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
    Column("told_holding", Json, **personal("to know what the calendar holds", keep=_MEETING_KEPT)),
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

outgoing_mail = Table(
    "outgoing_mail",  # one row per mail to one recipient; the key keeps a side effect from happening twice
    metadata,
    Column("id", String(36), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),  # the folder of its template
    Column("recipient", Text, nullable=False, **personal("to send the mail", keep=_MAIL_KEPT)),
    Column("recipient_name", Text, nullable=False, **personal("to address the person", keep=_MAIL_KEPT)),
    Column(  # of the recipient
        "domain", Text, nullable=False, server_default="", **personal("to send no domain too much", keep=_MAIL_KEPT)
    ),
    Column("language", String(2), nullable=False),
    Column("meeting_id", String(36)),
    Column("registration_id", String(36), index=True),
    Column("invitation_id", String(36), ForeignKey("invitation.id")),  # only where it carries a calendar object
    Column("method", String(20)),
    Column("sequence", Integer),
    Column("partstat", String(15)),
    Column("asks_anew", Boolean, nullable=False, server_default=false()),  # an older yes does not count any more
    Column("holding", Json, **personal("to write the calendar object", keep=_MAIL_KEPT)),  # what it says
    Column(  # what else this kind of mail says: causes, reasons, what was asked for
        "about", Json, nullable=False, **personal("to write the mail", keep=_MAIL_KEPT)
    ),
    Column("subject", Text, **personal("to find a mail again", keep=_MAIL_KEPT)),
    Column("source", LargeBinary, **personal("to send the same bytes again", keep=_MAIL_KEPT)),
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
    Column("address", Text, nullable=False, unique=True, **personal("to know that mail is lost", keep=_MAIL_KEPT)),
    Column("since", Instant),
    Column("error", Text, nullable=False, **IMPERSONAL),
    Column("reported", Boolean, nullable=False),  # it came back later; else our mail server refused it at once
)

incoming_mail = Table(
    "incoming_mail",  # every mail that came in, and what was made of it
    metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of recipient and source: the same mail counts once
    Column("recipient", Text, nullable=False, **IMPERSONAL),  # an address of ours
    Column("sender", Text, nullable=False, **personal("to see who asks something", keep=_MAIL_KEPT)),
    Column("subject", Text, nullable=False, **personal("to see who asks something", keep=_MAIL_KEPT)),
    Column("source", LargeBinary, nullable=False, **personal("to see who asks something", keep=_MAIL_KEPT)),
    Column("received_at", Instant, nullable=False, index=True),
    Column("outcome", String(20), nullable=False),  # what was made of it: rules.outcomes
    Column("why", String(40), nullable=False),
    Column("choice", String(10)),  # what a calendar answered
    Column(  # with the two below: what waits for the invited person to say that it was them
        "claimed_by", Text, **personal("to ask whose answer it is", keep=_MAIL_KEPT)
    ),
    Column("claimed_sequence", Integer),
    Column("claimed_stamp", Instant),
    Column("meeting_id", String(36), index=True),
    Column("registration_id", String(36)),
    Column("invitation_id", String(36), index=True),
)

alias = Table(
    "alias",  # another address of someone who was invited, as they confirmed themselves
    metadata,
    Column("address", Text, nullable=False, **personal("to know whose answer it is", keep=_MEETING_KEPT)),
    Column("owner", Text, nullable=False, **personal("to know whose answer it is", keep=_MEETING_KEPT)),
    Column("confirmed_at", Instant, nullable=False),
    PrimaryKeyConstraint("address", "owner"),
)

preference = Table(
    "preference",  # what an address wants; a fingerprint is no address, so "never invite me" outlives erasure
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("language", String(2)),  # NULL: as they sign up
    Column("reminders", Boolean, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("invitations", Boolean, nullable=False),  # false: never
    Column("changed_at", Instant, nullable=False),
)

subscription = Table(
    "subscription",  # who wants to be invited for their regions and role
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("wish", Json, **personal("to invite the person", ground="consent", keep=_SUBSCRIBED)),  # NULL: unconfirmed
    Column(  # what was asked for last, by whoever knows the address, and waits for its confirmation
        "asked", Json, **personal("to ask for confirmation", ground="consent", keep="until confirmed, at most 7 days")
    ),
    Column("asked_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # of what was asked: only the newest mail confirms
)

listed_meeting = Table(
    "listed_meeting",  # which meetings stood in somebody's weekly list: each once
    metadata,
    Column("fingerprint", String(32), nullable=False),
    Column("meeting_id", String(36), nullable=False),
    Column("listed_at", Instant, nullable=False),
    PrimaryKeyConstraint("fingerprint", "meeting_id"),
)

campaign = Table(
    "campaign",  # target groups invited to a meeting, at once or in waves
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("target_groups", Json, nullable=False, **IMPERSONAL),
    Column("regions", Json, nullable=False, **IMPERSONAL),
    Column("organisations", Json, nullable=False, server_default="[]", **IMPERSONAL),  # names and mail domains
    Column("ground", Text, nullable=False, **IMPERSONAL),  # why the addresses that were brought may be used
    Column("wave_size", Integer),  # NULL: all at once
    Column("wave_hours", Integer),  # until the next wave goes by itself; NULL: it waits for a button
    Column("left_in_wave", Integer),
    Column("status", String(10), nullable=False),  # running; paused: between waves; full, stopped, closed, done
    Column("made_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
)

guest = Table(
    "guest",  # who is invited by a campaign: once per person and meeting, and the fingerprint outlives the address
    metadata,
    Column("meeting_id", String(36), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("campaign_id", String(36), nullable=False),
    Column("number", Integer, nullable=False),  # in the order of invitation
    Column("target_group", String(40), nullable=False),
    Column("brought", Json, **personal("to invite once", keep="until the mail is written")),  # NULL: a subscriber
    Column("status", String(10), nullable=False),  # waiting, invited, skipped
    Column("why", String(20)),  # it was skipped
    PrimaryKeyConstraint("meeting_id", "fingerprint"),
    Index("ix_guest_campaign_id_status_number", "campaign_id", "status", "number"),
)

seats = Table(
    "seats",  # how many more the seat rule admits, as registration told last: a full meeting invites nobody
    metadata,
    Column("meeting_id", String(36), primary_key=True),
    Column("free", Integer, nullable=False),
    Column("groups", Json, nullable=False, **IMPERSONAL),  # the same for each target group
)

reference = Table(
    "reference",  # catalog's words for target groups and regions
    metadata,
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("labels", Json, nullable=False, **IMPERSONAL),
    Column("position", Integer, nullable=False),
    Column("valid_to", Date),
    PrimaryKeyConstraint("kind", "code"),
)
