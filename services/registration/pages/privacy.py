"""What registration keeps of people: its part of the statement on privacy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint

from services.registration.actions.erase_person import STAYS
from services.registration.tables import metadata
from shared.i18n import N_
from shared.web.privacy import privacy_pages

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "address_key": N_("a mark made from the e-mail address"),
        "answer": N_("the answer that was given"),
        "answers": N_("answers to the questions of the meeting"),
        "blocked_key": N_("a mark made from the e-mail address"),
        "brought_question.text": N_("the question that someone brings to a meeting"),
        "can_help_with": N_("what someone can help with"),
        "content": N_("all that is kept of someone, for them to take"),
        "email": N_("e-mail address"),
        "facts": N_("who organises the meeting, who speaks and whom to ask"),
        "issuer_person.subject": N_("what someone is called by where they sign in"),
        "known_as": N_("what organisers know each other by"),
        "looking_for": N_("what someone is looking for"),
        "name": N_("name"),
        "network_report.text": N_("text of a report"),
        "needs": N_("what someone needs to take part, and what they may not eat"),
        "note": N_("a note of the organiser"),
        "organisation": N_("organisation"),
        "override_reason": N_("why someone got a seat by hand"),
        "phone": N_("phone number"),
        "place": N_("where two people meet"),
        "reason": N_("why something changed"),
        "sparring.words": N_("what someone wants to talk over"),
        "subject": N_("subject of a message"),
        "text": N_("text of a message"),
        "words": N_("words by which a profile is found"),
    }
)
"""What each column holds, by its name."""


def own_privacy_pages() -> Blueprint:
    """``/registration/privacy``."""
    return privacy_pages(metadata, WORDS, STAYS)
