"""What registration remembers, a module for each kind of thing; every table is known by its name here."""

from services.registration.tables.access import issued_key, organiser, sign_in_link
from services.registration.tables.copies import COPIES
from services.registration.tables.foundation import flow, grants, limits, metadata
from services.registration.tables.issuers import heard_logout, issuer_attempt, issuer_person, issuer_session
from services.registration.tables.lists import list_delivery
from services.registration.tables.meetings import attendance, meeting, seat_notice
from services.registration.tables.messages import message
from services.registration.tables.network import network_block, network_hiding, network_report, profile
from services.registration.tables.persons import person_link, person_session
from services.registration.tables.privacy import (
    consent,
    erasure,
    erasure_receipt,
    export,
    export_part,
    my_data_link,
)
from services.registration.tables.questions import brought_question
from services.registration.tables.registrations import history, idempotency, registration, session_seat, transfer
from services.registration.tables.sparring import sparring
from services.registration.tables.words import mail_domain, organisation_name, reference

__all__ = [
    "COPIES",
    "attendance",
    "brought_question",
    "consent",
    "erasure",
    "erasure_receipt",
    "export",
    "export_part",
    "flow",
    "grants",
    "heard_logout",
    "history",
    "idempotency",
    "issued_key",
    "issuer_attempt",
    "issuer_person",
    "issuer_session",
    "limits",
    "list_delivery",
    "mail_domain",
    "meeting",
    "message",
    "metadata",
    "my_data_link",
    "network_block",
    "network_hiding",
    "network_report",
    "organisation_name",
    "organiser",
    "person_link",
    "person_session",
    "profile",
    "reference",
    "registration",
    "seat_notice",
    "session_seat",
    "sign_in_link",
    "sparring",
    "transfer",
]
