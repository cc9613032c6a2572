"""Every mail says the same thing twice, in two languages, in our words."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest

import services.notifications
from services.notifications.forms import KINDS
from services.notifications.post.blanks import blank
from services.notifications.post.facts import Standing
from services.notifications.post.joined_meetings import JoinedMeeting
from services.notifications.post.letters import Letter, Letters
from services.notifications.post.new_meetings import NewMeeting
from services.notifications.rules.desired import News
from services.notifications.rules.words import Chosen, Words
from shared.events.catalog import Contact
from shared.i18n import LANGUAGES, Language

FOLDER = Path(services.notifications.__file__).parent / "templates" / "mails"
MAILS = sorted(folder.name for folder in FOLDER.iterdir() if folder.name not in {"parts", "entry"})

CHOICES = (Chosen("Circulair, 15.00 uur, zaal 2", waits=False, place=None), Chosen("Sociaal", waits=True, place=2))
NOW = Words("Titel < & >", "donderdag", "Assen", "https://video.example/1", "12 mei 16.00 uur", CHOICES)
PERSONAL = {
    "name": "Sam Jansen",
    "mine": "https://kring.example/registration/mine/x",
    "preferences": "https://kring.example/notifications/preferences/x",
    "answer": "https://kring.example/notifications/answer/x",
    "link": "https://kring.example/registration/sign-in/x",
    "network": "https://kring.example/registration/network",
}
FACTS: dict[str, Any] = {
    "organiser": "Noor de Vries",
    "office": Contact(name="Bureau", email="bureau@kring.example", phone="030 123 45 67"),
    "withdraws": True,
    "cause": "organiser",
    "meeting": NOW,
    "before": replace(NOW, title="Vroeger", when="woensdag", where="", online_url="", deadline="13 mei", choices=()),
    "chooses_anew": True,
    "own_choice": False,
    "comes_over": False,
    "accepted": False,
    "decision": "Geen inkoper",
    "whys": ("De <zaal> is dicht.",),
    "reason_code": "full",
    "sender": "sam@elders.example",
    "asked": "Ziek",
    "words": (("Helaas, ik ben <ziek>.",), ("Groet,", "Sam")),
    "by": "Ann < Bos",
    "person": "Eva < Bos",
    "subject": "Andere ingang",
    "paragraphs": (("Beste Sam,", "Neem de <achterkant>."), ("Tot straks",)),
    "urgent": True,
    "page": "https://kring.example/meetings/een",
    "summary": "Kort",
    "reason": "Ziekte",
    "promotion": "automatic",
    "reserved": True,
    "registration": Standing("waitlisted", place=3, place_in_group=2),
    "role": "inkoper",
    "doors_open": "13.30 uur",
    "travel": (("Vanaf het station lopen.", "Tien minuten."),),
    "access": (("Er is een lift.",),),
    "sign_off_by": "7 juni 14.00 uur",
    "survey": "https://vragen.example/1",
    "documents": (("Presentatie < 1", "https://kring.example/een.pdf"), ("Verslag", "https://kring.example/twee.pdf")),
    "group": "Inkopers",
    "as_file": True,
    "in_series": False,
    "series": "Rondje < regio",
    "meetings": tuple(
        NewMeeting(NOW, summary, "https://kring.example/meetings/een", "een") for summary in ("", "Kort")
    ),
    "entries": tuple(
        JoinedMeeting(NOW, news, place, "https://kring.example/m/x")
        for news, place in (
            *((news, None) for news in get_args(News)),
            ("waitlisted", 3),
        )
    ),
    "list_page": "https://kring.example/registration/desk/een/attendees?purpose=reception",
    "is_guest": False,
    "has_questions": True,
    "invites": False,
    "sign_up": "https://kring.example/registration/meetings/een",
    "ground": "Van < het congres",
    "valid_until": "donderdag 14.00 uur",
    "next": NOW,
    "next_slug": "twee",
    "partner": "",
    "partner_is": "Gemeente < Zee, inkoper",
    "partner_email": "eva@elders.example",
    "times": ("donderdag 14.00 uur", "vrijdag 9.00 uur"),
    "minutes": 30,
    "where": "https://video.example/2",
    "is_agreed": True,
}
VARIANTS: list[dict[str, Any]] = [
    {},
    {"name": "", "office": Contact(), "withdraws": False, "summary": "", "reason": "", "decision": "", "urgent": False},
    {"cause": "reply", "promotion": "offer", "registration": Standing("waitlisted"), "own_choice": True},
    {
        "cause": "participant",
        "promotion": "manual",
        "registration": Standing("confirmed", waits_for="seat", place=3),
        "accepted": True,
        "comes_over": True,
    },
    {
        "before": None,
        "meeting": replace(NOW, deadline="", choices=(), where=""),
        "sign_off_by": "",
        "survey": "",
        "documents": (),
        "group": "",
        "as_file": False,
        "in_series": True,
        "whys": (),
        "registration": Standing("confirmed", waits_for="seat"),
    },
    {"registration": Standing("cancelled", handed_over=True)},
    {"next": None, "partner": "Eva < Bos", "is_agreed": False, "times": (), "where": "", "partner_is": ""},
    {"is_guest": True, "invites": True, "cause": "cancelled", "meeting": replace(NOW, where="", deadline="")},
    {"cause": "reply", "withdraws": False, "registration": Standing("cancelled", passed_on=True)},
    *({"registration": Standing(status)} for status in ("offered", "unconfirmed", "requested", "attended")),
]
FORBIDDEN = re.compile(r"annule|registratie|registreer|\bplaats|\bjij\b|\bje\b|\bjouw\b|\b\d\d:\d\d\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(?:the|you|your|meeting|seat|this|with)\b")


def test_there_is_a_mail_for_every_kind_and_a_name_for_every_mail() -> None:
    assert sorted(KINDS) == MAILS


@pytest.mark.parametrize("mail", MAILS)
def test_every_mail_has_its_three_parts(mail: str) -> None:
    assert {path.name for path in (FOLDER / mail).iterdir()} == {"subject.txt", "text.txt", "html.html"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_text_and_html_say_the_same(mail: str, language: Language, variant: dict[str, Any]) -> None:
    letter = _letter(mail, language, variant)
    assert letter.subject
    assert "\n" not in letter.subject
    assert _words(_without_tags(letter.html)) == _words(letter.text.replace("<", "").replace(">", ""))
    assert f'<html lang="{language}">' in letter.html
    assert "\n\n\n" not in letter.text
    assert "<img" not in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_without_a_file_leads_behind_the_sign_in(language: Language) -> None:
    test_text_and_html_say_the_same("attendee_list", language, {"link": ""})


@pytest.mark.parametrize("mail", ["again", "counter", "delegated", "too_late", "no_seat"])
def test_who_is_invited_but_not_signed_up_is_led_to_the_meeting(mail: str) -> None:
    letter = _letter(mail, "nl", {"is_guest": True, "mine": "", "invites": True})
    assert _words(_without_tags(letter.html)) == _words(letter.text.replace("<", "").replace(">", ""))
    assert FACTS["sign_up"] in letter.text or FACTS["page"] in letter.text
    assert "uw plek" not in letter.text


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_dutch_mails_keep_to_our_words(mail: str, variant: dict[str, Any]) -> None:
    letter = _letter(mail, "nl", variant)
    text = re.sub(r"https?://\S+", "", letter.subject + letter.text)
    assert not FORBIDDEN.findall(text)
    assert not ENGLISH.findall(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("deadline", "says"),
    [
        ("", {"nl": "Weiger", "en": "Decline"}),
        ("12 mei", {"nl": "Antwoord dan vóór 12 mei", "en": "answer before 12 mei"}),
    ],
)
def test_what_stands_in_a_calendar_says_how_to_answer_and_holds_no_personal_link(
    language: Language, deadline: str, says: dict[str, str]
) -> None:
    facts = FACTS | {"withdraws": False, "meeting": replace(NOW, deadline=deadline)}
    text = Letters().render("entry/description.txt", language, facts)
    assert says[language] in text
    assert "/meetings/een" in text
    assert "/mine/" not in text


@pytest.mark.parametrize("mail", MAILS)
def test_filling_blanks_says_the_same_as_writing_it_for_one_reader(mail: str) -> None:
    hostile = {name: f"<{value}> & {{{{ 7 }}}} %(name)s" for name, value in PERSONAL.items()}
    for variant in VARIANTS:
        for personal in (PERSONAL, hostile):
            filled = _letter(mail, "nl", personal | variant)
            alone = Letters().write(mail, "nl", FACTS | personal | variant, {})
            assert (filled.subject, filled.text) == (alone.subject, alone.text)
            assert unescape(filled.html) == unescape(alone.html)
            assert filled.html.count("<") == alone.html.count("<")


def test_what_fills_a_blank_is_not_looked_at_again() -> None:
    worst = _letter("invitation", "nl", {"name": f"{blank('mine')} {{{{ mine }}}} %(mine)s"})
    assert f"Beste {blank('mine')} {{{{ mine }}}} %(mine)s," in worst.text
    assert worst.text.count(PERSONAL["mine"]) == 1


def _letter(mail: str, language: Language, variant: dict[str, Any]) -> Letter:
    """The mail as it is written to one of many: what is personal fills blanks."""
    facts, personal = FACTS | variant, PERSONAL | variant
    return Letters().write(
        mail,
        language,
        {name: value for name, value in facts.items() if name not in PERSONAL},
        {name: value for name, value in personal.items() if name in PERSONAL},
    )


def _without_tags(html: str) -> str:
    body = html.partition("<body")[2].partition(">")[2]
    plain = re.sub(r"<[^>]+>", " ", body)
    for entity, sign in (("&lt;", ""), ("&gt;", ""), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    return plain


def _words(text: str) -> list[str]:
    return text.split()
