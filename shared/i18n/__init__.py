"""Two languages: English stands in the code as message ids, Dutch in each package's ``translations/nl.po``.

``_("Seat %(place)s", place=3)`` gives the text in the language of whoever is being spoken to (``speaking`` says who);
a literal per cent sign is written ``%%``, in templates too. ``N_`` only marks a text that is translated later.
Moments are written by ``shared.i18n.moments``.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Self, get_args

from babel.messages.pofile import read_po

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
"""The languages that pages, mails and problems speak; the first is the default."""

SHARED_TRANSLATIONS = Path(__file__).parent.parent / "translations"

_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True)
class Translator:
    """Texts of one language. A text without a translation stays English."""

    language: Language
    texts: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, repr=False)

    def gettext(self, message: str) -> str:
        """``message`` in this language, its ``%(name)s`` not yet filled in."""
        found = self.texts.get(message, message)
        return found if isinstance(found, str) else found[0]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """``one`` or ``many`` in this language, as ``count`` asks; not yet filled in."""
        forms = self.texts.get(one, (one, many))
        return forms if isinstance(forms, str) else forms[0 if count == 1 else 1]

    def reword(self, text: str) -> str:
        """A text that was filled in already, in this language.

        marshmallow formats ``Longer than maximum length {max}.`` before we see it: the values are found back.
        """
        if text in self.texts:
            return self.gettext(text)
        for pattern, translated in self._filled_in:
            if found := pattern.fullmatch(text):
                return translated.format(**found.groupdict())
        return text

    @cached_property
    def _filled_in(self) -> list[tuple[re.Pattern[str], str]]:
        """A pattern for every text with ``{names}``, the longest first: others may be a part of it."""
        return [
            (re.compile(_PLACEHOLDER.sub(r"(?P<\1>.*)", re.escape(message)), re.DOTALL), translated)
            for message, translated in sorted(self.texts.items(), key=lambda text: -len(text[0]))
            if isinstance(translated, str) and _PLACEHOLDER.search(re.escape(message))
        ]


@cache
def translator(language: Language, *folders: Path) -> Translator:
    """Texts of ``language`` from the ``.po`` files in ``folders``, those of ``shared`` behind them."""
    texts: dict[str, str | tuple[str, ...]] = {}
    for folder in (SHARED_TRANSLATIONS, *reversed(folders)):
        texts |= _read(folder / f"{language}.po")
    return Translator(language, texts)


def _read(path: Path) -> dict[str, str | tuple[str, ...]]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if message.id and message.string and not message.fuzzy:
            first = message.id if isinstance(message.id, str) else message.id[0]
            texts[first] = message.string if isinstance(message.string, str) else tuple(message.string)
    return texts


_english = Translator("en")
_speaking: ContextVar[Translator] = ContextVar("translator", default=_english)


@contextmanager
def speaking(chosen: Translator) -> Iterator[None]:
    """In the block, ``_`` speaks as ``chosen`` does."""
    token = _speaking.set(chosen)
    try:
        yield
    finally:
        _speaking.reset(token)


def speak(chosen: Translator) -> None:
    """From here on, until the end of the ``speaking`` block around it, ``_`` speaks as ``chosen`` does."""
    _speaking.set(chosen)


def current_translator() -> Translator:
    """Who speaks now; English outside any ``speaking`` block."""
    return _speaking.get()


def gettext(message: str, **values: object) -> str:
    """``message`` in the language spoken now, with its ``%(name)s`` filled in."""
    return current_translator().gettext(message) % values


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """``one`` or ``many`` in the language spoken now; ``%(num)s`` is the count."""
    return current_translator().ngettext(one, many, count) % {"num": count, **values}


class Text(str):
    """A text like any other that remembers its ``language`` (a code), so that a page can say when it is not its own."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """``text`` in ``language``."""
        made = super().__new__(cls, text)
        made.language = language
        return made


def in_words(texts: Mapping[str, str]) -> Text:
    """A text that is kept in several languages: in the one spoken now, else in one that it was given in."""
    spoken = current_translator().language
    code, text = next(((code, texts[code]) for code in (spoken, *texts) if texts.get(code)), (spoken, ""))
    return Text(text, code)


def N_(message: str) -> str:  # noqa: N802  # the name that gettext's tools look for
    """``message`` as it is, marked for translation."""
    return message


_ = gettext
