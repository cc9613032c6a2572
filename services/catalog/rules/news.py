"""A meeting as news readers show it: what it is, and what was changed since it was published (calendar rule 24)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from types import MappingProxyType
from typing import Final

from services.catalog.rules.atom import Entry, Link
from services.catalog.rules.entry import described, location_of, title_of
from services.catalog.rules.history import Change, Line
from services.catalog.rules.meeting import Meeting, in_language
from shared.events.catalog import Label
from shared.i18n import Language
from shared.i18n.moments import moment_text, span_text

_KINDS: Final = MappingProxyType(
    {
        "title": {"nl": "de titel", "en": "the title"},
        "startsAt": {"nl": "de begintijd", "en": "the start"},
        "endsAt": {"nl": "de eindtijd", "en": "the end"},
        "venue": {"nl": "de plaats", "en": "the place"},
        "attendanceMode": {"nl": "of het op locatie of online is", "en": "whether it is at a venue or online"},
        "sessions": {"nl": "het programma", "en": "the programme"},
        "summary": {"nl": "de beschrijving", "en": "the description"},
        "description": {"nl": "de beschrijving", "en": "the description"},
        "targetGroups": {"nl": "voor wie het is", "en": "for whom it is"},
    }
)
"""What everyone may know to have changed, and what it is called; the online link is not among it."""

_SAID: Final = MappingProxyType(
    {
        "published": {"nl": "Bekendgemaakt", "en": "Published"},
        "changed": {"nl": "Gewijzigd", "en": "Changed"},
        "cancelled": {"nl": "Afgelast", "en": "Cancelled"},
        "was": {"nl": "eerst", "en": "was"},
        "changes": {"nl": "Wijzigingen", "en": "Changes"},
    }
)
_INSTANTS: Final = frozenset({"startsAt", "endsAt"})
_MOST_LINES: Final = 20


def news_of(meeting: Meeting, words: Sequence[Label], history: Iterable[Line], page: str, language: Language) -> Entry:
    """The Atom entry of ``meeting`` in ``language``, for everyone to read.

    ``words`` are the labels of its region, target groups and themes, ``history`` its lines, the newest first; ``page``
    is its public address.
    """
    when = span_text(meeting.starts_at, meeting.ends_at, language, meeting.time_zone)
    facts = ". ".join(part for part in (when, location_of(meeting)) if part)
    changes = list(_changes(meeting, history, language))[:_MOST_LINES]
    return Entry(
        id=f"urn:uuid:{meeting.id}",
        title=title_of(meeting, language),
        updated_at=meeting.changed_at,
        published_at=meeting.published_at,
        author=meeting.organiser.name,
        summary=facts,
        html=_html([facts, *described(meeting, language)], _SAID["changes"][language], changes),
        links=(Link(f"{page}?lang={language}"), Link(f"{page}.ics?lang={language}", media_type="text/calendar")),
        categories=tuple((word.code, in_language(word.labels, language)) for word in words),
    )


def _html(paragraphs: Iterable[str], heading: str, changes: Iterable[str]) -> str:
    texts = "".join(f"<p>{escape(text).replace(chr(10), '<br>')}</p>" for text in paragraphs)
    items = "".join(f"<li>{escape(change)}</li>" for change in changes)
    return texts + (f"<h2>{heading}</h2><ul>{items}</ul>" if items else "")


def _changes(meeting: Meeting, history: Iterable[Line], language: Language) -> Iterator[str]:
    """A line for each act after the meeting became public that everyone may know of."""
    for line in history:
        if meeting.published_at is None or line.at < meeting.published_at:
            return
        known = list(dict.fromkeys(_known(line.changes, meeting.time_zone, language)))
        what = "; ".join(known) if line.act == "changed" else line.reason if line.act == "cancelled" else ""
        if line.act in _SAID and (known or line.act != "changed"):
            said = f"{moment_text(line.at, language)}: {_SAID[line.act][language]}"
            yield f"{said}: {what}" if what else said


def _known(changes: Iterable[Change], zone: str, language: Language) -> Iterator[str]:
    for change in changes:
        name = change.name.partition(".")[0]
        if name in _KINDS:
            called = _KINDS[name][language]
            if name in _INSTANTS and change.before:
                was = moment_text(datetime.fromisoformat(change.before).astimezone(UTC), language, zone)
                called = f"{called} ({_SAID['was'][language]} {was})"
            yield called
