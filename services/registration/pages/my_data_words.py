"""What the parts of one's own data are called, on the page on which they are read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.i18n import N_

SERVICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registration": N_("Registrations and attendee lists"),
        "catalog": N_("Meetings, knowledge and stories"),
        "notifications": N_("Mail and calendars"),
    }
)
"""The services, as the page about privacy calls them."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registrations": N_("Registrations"),
        "history": N_("What was done with them"),
        "sessions": N_("Parts of the programme"),
        "seatsOffered": N_("Seats that others hand over to you"),
        "seatsHandedOver": N_("Seats that you hand over"),
        "consents": N_("What you agreed to"),
        "profile": N_("Profile in the network"),
        "blocked": N_("People you blocked"),
        "reports": N_("What you reported"),
        "organiser": N_("Your role"),
        "listsReceived": N_("Lists that were sent to you"),
        "signIns": N_("Where you are signed in"),
        "stories": N_("Experiences you shared"),
        "expert": N_("You as an expert"),
        "researchConsent": N_("Consent for research"),
        "invitations": N_("What stands in your calendar"),
        "calendarFeed": N_("Your own calendar to subscribe to"),
        "lostMail": N_("Mail that does not reach you"),
        "otherAddresses": N_("Other addresses of yours"),
        "subscription": N_("Invitations you asked for"),
        "preferences": N_("What you want to hear of"),
        "digest": N_("Meetings that stood in your weekly list"),
        "invitedBy": N_("Invitations from organisers"),
        "mailsSent": N_("Mail to you"),
        "mailsReceived": N_("Mail from you"),
        "talks": N_("Talks for two"),
    }
)
"""What is told, by kind; the names are those of the file."""

RECEIPTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "alias": KINDS["otherAddresses"],
        "bounced_address": KINDS["lostMail"],
        "brought_question": N_("Questions for meetings"),
        "calendar_feed": KINDS["calendarFeed"],
        "consent": KINDS["consents"],
        "expert": KINDS["expert"],
        "export_part": N_("What was gathered for you"),
        "guest": KINDS["invitedBy"],
        "history": N_("Reasons in what was done"),
        "idempotency": N_("Answers to sign-ups that were kept for a repeat"),
        "inbox": N_("What the parts of the site told each other"),
        "incoming_mail": KINDS["mailsReceived"],
        "invitation": KINDS["invitations"],
        "list_delivery": KINDS["listsReceived"],
        "my_data_link": N_("Links to this page"),
        "network_block": KINDS["blocked"],
        "network_hiding": N_("That your profile was hidden"),
        "outbox": N_("What the parts of the site told each other"),
        "outgoing_mail": KINDS["mailsSent"],
        "person_link": N_("Links to sign in"),
        "person_session": KINDS["signIns"],
        "profile": KINDS["profile"],
        "registration": KINDS["registrations"],
        "research_contact": KINDS["researchConsent"],
        "sparring": KINDS["talks"],
        "story": KINDS["stories"],
        "subscription": KINDS["subscription"],
        "transfer": N_("Seats that were handed over"),
    }
)
"""What stood in a table, as receipts tell it; a table that is not here is told by its name."""
