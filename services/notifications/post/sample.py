"""What the mails would say of one made-up meeting and one made-up person, for organisers who want to read them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications.post.facts import Standing
from services.notifications.post.joined_meetings import JoinedMeeting
from services.notifications.post.letters import Letters
from services.notifications.post.message import Headers, message
from services.notifications.post.new_meetings import NewMeeting
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import Choice, Holding
from services.notifications.rules.showing import Preview
from services.notifications.rules.words import words
from shared.events.catalog import Contact
from shared.i18n import Language

_STARTS_AT = datetime(2030, 6, 12, 12, 0, tzinfo=UTC)
_TITLES = {"nl": "Voorbeeldbijeenkomst", "en": "Example meeting"}
_PARTS = {"nl": "Voorbeeldonderdeel", "en": "Example session"}
_WORDS = {"nl": ("Dit is een voorbeeld.", "Het is van niemand."), "en": ("This is an example.", "It is nobody's.")}
_LINK = "https://kring.example/"
_PERSONAL = {
    "name": "Voorbeeldpersoon",
    "mine": f"{_LINK}registration/mine/…",
    "preferences": f"{_LINK}notifications/preferences/…",
    "answer": f"{_LINK}notifications/answer/…",
    "link": f"{_LINK}…",
    "network": f"{_LINK}registration/network",
}


def preview(ours: OurAddresses, from_name: str, kind: str, language: Language) -> Preview:
    """The mail of this kind as ``from_name`` would send it to a made-up person."""
    letter = Letters().write(kind, language, sample_facts(language), _PERSONAL)
    headers = Headers(
        sender=ours.sender(),
        sender_name=from_name,
        recipient="voorbeeld@elders.example",
        recipient_name=_PERSONAL["name"],
        reply_to=None,
        message_id=ours.message_id(f"example/{kind}"),
        thread=None,
        correlation_id="example",
        sent_at=_STARTS_AT - timedelta(days=10),
    )
    return Preview(letter.subject, letter.text, message(headers, letter))


def sample_facts(language: Language) -> dict[str, Any]:
    """All facts that any mail may ask for beside what is personal, in one language."""
    holding = Holding(
        starts_at=_STARTS_AT,
        ends_at=_STARTS_AT + timedelta(hours=3),
        time_zone="Europe/Amsterdam",
        title=_TITLES[language],
        location="Voorbeeldhuis, Voorbeeldstraat 1, Utrecht",
        offer_until=_STARTS_AT - timedelta(days=9),
        choices=(Choice(title=_PARTS[language], starts_at=_STARTS_AT + timedelta(hours=1), room="1"),),
    )
    before = replace(holding, starts_at=_STARTS_AT - timedelta(hours=2), offer_until=None)
    lines = (_WORDS[language],)
    return {
        "organiser": "Voorbeeldorganisator",
        "office": Contact(name="Voorbeeldbureau", email="bureau@kring.example"),
        "withdraws": False,
        "cause": "participant",
        "meeting": words(holding, language),
        "before": words(before, language),
        "chooses_anew": True,
        "own_choice": False,
        "comes_over": False,
        "accepted": False,
        "decision": _WORDS[language][0],
        "whys": (_WORDS[language][0],),
        "reason_code": "full",
        "sender": "iemand@elders.example",
        "asked": _TITLES[language],
        "words": lines,
        "by": "Iemand anders",
        "person": "Voorbeeldpersoon",
        "subject": _TITLES[language],
        "paragraphs": lines,
        "urgent": False,
        "page": f"{_LINK}meetings/voorbeeld",
        "summary": _WORDS[language][0],
        "reason": _WORDS[language][0],
        "promotion": "automatic",
        "reserved": True,
        "registration": Standing("waitlisted", place=2, place_in_group=1),
        "role": _TITLES[language],
        "group": "",
        "as_file": False,
        "in_series": False,
        "series": _TITLES[language],
        "meetings": (
            NewMeeting(words(holding, language), _WORDS[language][0], f"{_LINK}meetings/voorbeeld", "voorbeeld"),
        ),
        "entries": (JoinedMeeting(words(holding, language), "waitlisted", 2, _PERSONAL["mine"]),),
        "list_page": f"{_LINK}registration/desk/voorbeeld/attendees",
        "doors_open": "",
        "travel": lines,
        "access": lines,
        "sign_off_by": "",
        "survey": f"{_LINK}vragen",
        "documents": ((_TITLES[language], f"{_LINK}document"),),
        "is_guest": False,
        "has_questions": False,
        "invites": False,
        "sign_up": f"{_LINK}registration/meetings/voorbeeld",
        "ground": _WORDS[language][0],
        "next": words(replace(holding, offer_until=None, choices=()), language),
        "next_slug": "voorbeeld",
        "partner": "",
        "partner_is": _TITLES[language],
        "partner_email": "iemand@elders.example",
        "times": (words(holding, language).when,),
        "minutes": 30,
        "where": "",
        "is_agreed": True,
        "valid_until": words(holding, language).deadline,
    }
