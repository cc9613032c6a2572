"""What the audit log knows: every act of people who may do more than others, and every look at or copy of a list.

``noun.past-verb``; beside each what auditors read. The acts of a registration's history are its noun and their names.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.i18n import N_

ACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sign-in.done": N_("Signed in"),
        "sign-in.refused": N_("Signing in refused"),
        "session.ended": N_("Session ended"),
        "role.given": N_("Role given"),
        "role.taken": N_("Role taken away"),
        "roles.read": N_("People with a role looked at"),
        "key.made": N_("Key made"),
        "key.revoked": N_("Key withdrawn"),
        "audit.read": N_("Audit log looked at"),
        "attendees.read": N_("Attendee list looked at or taken"),
        "questions.read": N_("Questions that people bring looked at"),
        "registrations.read": N_("Registrations looked at"),
        "registration.read": N_("One registration looked at"),
        "registration.acted": N_("Something done to a registration"),
        "message.written": N_("Message to people who signed up"),
        "seats.changed": N_("Seats changed"),
        "attendance.closed": N_("Attendance closed"),
        "mail.read": N_("Mail to people looked at"),
        "mail.sent": N_("Mail sent again or anew"),
        "received.read": N_("Mail from people looked at"),
        "campaign.started": N_("Target group invited"),
        "campaign.steered": N_("Inviting stopped or taken up again"),
        "meeting.published": N_("Meeting published"),
        "meeting.changed": N_("Published meeting changed"),
        "meeting.cancelled": N_("Meeting called off"),
        "meetings.imported": N_("Meetings imported"),
        "organisations.imported": N_("Organisations imported"),
        "story.judged": N_("Experience judged"),
        "research.read": N_("List for research taken"),
        "network-reports.read": N_("Reports from the network looked at"),
        "profiles.read": N_("Profiles of the network looked at"),
        "profile.judged": N_("Profile blocked or let be"),
        "person.exported": N_("Data of a person taken out"),
        "person.erased": N_("Data of a person erased"),
        "event.retried": N_("Message of another service handled again"),
        "event.dropped": N_("Message of another service given up"),
        "retention.run": N_("What is past its term was erased"),
    }
)
"""Every act, and what it is called."""
