"""Pages and mails keep to docs/words.md: one thing, one name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

REPOSITORY = Path(__file__).parents[2]
BY_ONE_BUTTON = "Cancel my registration"  # its one word, Afmelden, says it all


@dataclass(frozen=True)
class Word:
    """A line of the glossary."""

    term: str
    dutch: tuple[str, ...]
    never: tuple[str, ...]


def glossary() -> list[Word]:
    lines = (REPOSITORY / "docs/words.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [Word(term, _words(dutch), _words(never)) for term, dutch, _, never in rows if term != "term"]


def texts() -> Iterator[tuple[str, str]]:
    """English and Dutch of all that pages, mails and the API say."""
    for catalogue in [*REPOSITORY.glob("services/*/translations/nl.po"), REPOSITORY / "shared/translations/nl.po"]:
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if message.id:
                    yield _joined(message.id), _joined(message.string)


def test_no_dutch_text_uses_a_word_that_is_not_ours() -> None:
    never = [word for line in glossary() for word in line.never]
    wrong = [(word, dutch) for _, dutch in texts() for word in never if _holds(dutch, word)]
    assert wrong == []


def test_what_has_a_name_is_called_by_it() -> None:
    wrong = [
        (line.term, english, dutch)
        for english, dutch in texts()
        for line in glossary()
        if re.search(rf"\b{line.term}s?\b", _spoken(english), re.IGNORECASE) and english != BY_ONE_BUTTON
        if not any(re.search(rf"\b{word}", dutch, re.IGNORECASE) for word in line.dutch)
    ]
    assert wrong == []


def test_clock_times_are_written_with_a_point() -> None:
    spoken = re.compile(r"\d:\d\d uur")
    assert [dutch for _, dutch in texts() if spoken.search(dutch)] == []


def test_the_glossary_and_the_texts_are_really_read() -> None:
    assert len(glossary()) > 15
    assert len(list(texts())) > 250
    assert _holds("U kunt uw aanmelding annuleren.", "annuleren")
    assert not _holds("Vul de jaren in.", "jij")


def _holds(text: str, word: str) -> bool:
    return re.search(rf"\b{word}\b", text, re.IGNORECASE) is not None


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


def _spoken(text: str) -> str:
    """Without the names of what is filled in."""
    return re.sub(r"%\(\w+\)s", "", text)


def _joined(text: object) -> str:
    return " ".join(text) if isinstance(text, (list, tuple)) else str(text)
