"""What notifications remembers, a module for each kind of thing; every table is known by its name here."""

from services.notifications.tables.campaigns import campaign, guest
from services.notifications.tables.copies import COPIES
from services.notifications.tables.foundation import LIVE, SENDING, WAITING, flow, grants, limits, metadata
from services.notifications.tables.incoming import incoming_mail
from services.notifications.tables.invitations import alias, calendar_feed, invitation
from services.notifications.tables.meetings import meeting, message, seats
from services.notifications.tables.outgoing import bounced_address, mail_pace, mail_server, outgoing_mail
from services.notifications.tables.privacy import erasure
from services.notifications.tables.registrations import registration
from services.notifications.tables.sparring import sparring
from services.notifications.tables.wishes import listed_meeting, preference, subscription
from services.notifications.tables.words import reference

__all__ = [
    "COPIES",
    "LIVE",
    "SENDING",
    "WAITING",
    "alias",
    "bounced_address",
    "calendar_feed",
    "campaign",
    "erasure",
    "flow",
    "grants",
    "guest",
    "incoming_mail",
    "invitation",
    "limits",
    "listed_meeting",
    "mail_pace",
    "mail_server",
    "meeting",
    "message",
    "metadata",
    "outgoing_mail",
    "preference",
    "reference",
    "registration",
    "seats",
    "sparring",
    "subscription",
]
