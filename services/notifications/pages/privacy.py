"""What notifications keeps of people: its part of the statement on privacy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint

from services.notifications.actions.erase_tables import STAYS
from services.notifications.tables import metadata
from shared.i18n import N_
from shared.web.privacy import privacy_pages

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "about": N_("what the mail is about"),
        "address": N_("e-mail address"),
        "asked": N_("name, e-mail address, organisation, role and regions of who wants to be invited"),
        "brought": N_("name and e-mail address of who is to be invited"),
        "claimed_by": N_("the e-mail address that an answer came from"),
        "domain": N_("what stands behind the @ of an e-mail address"),
        "facts": N_("name, e-mail address and how the registration stands, or whom a meeting names"),
        "guest": N_("name, e-mail address, organisation and role of who is invited"),
        "holding": N_("what stands in the calendar"),
        "owner": N_("the e-mail address that was invited"),
        "recipient": N_("e-mail address"),
        "recipient_name": N_("name"),
        "sender": N_("e-mail address"),
        "source": N_("the whole mail"),
        "sparring.facts": N_(
            "name, e-mail address, organisation and role of two people, what is asked, and when they talk"
        ),
        "subject": N_("subject of the mail"),
        "text": N_("text of the mail"),
        "told_holding": N_("what stands in the calendar"),
        "wish": N_("name, e-mail address, organisation, role and regions of who wants to be invited"),
    }
)
"""What each column holds, by its name."""


def own_privacy_pages() -> Blueprint:
    """``/notifications/privacy``."""
    return privacy_pages(metadata, WORDS, STAYS)
