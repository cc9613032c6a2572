"""By which words a meeting is found: all that its page says, and never its online link."""

from collections.abc import Iterable
from dataclasses import asdict

from services.catalog.rules.meeting import Meeting, in_language
from services.catalog.rules.search import LANGUAGES, Searchable
from shared.events.catalog import Label


def texts_of(meeting: Meeting, words: Iterable[Label]) -> list[Searchable]:
    """What ``meeting`` is found by, in each language in which it has a text.

    ``words`` are the labels of its regions, target groups and themes.
    """
    labels = list(words)
    written = {*meeting.title, *meeting.summary, *meeting.description}
    return [
        Searchable(language, in_language(meeting.title, language), "\n".join(_body(meeting, labels, language)))
        for language in LANGUAGES
        if language in written
    ]


def _body(meeting: Meeting, words: list[Label], language: str) -> Iterable[str]:
    for texts in (meeting.summary, meeting.description):
        yield in_language(texts, language)
    for session in meeting.sessions:
        yield in_language(session.title, language)
        yield session.speaker
    for word in words:
        yield in_language(word.labels, language)
    yield meeting.organiser.name
    if meeting.venue:
        yield from asdict(meeting.venue).values()
