"""A piece of knowledge as catalog knows it, what it needs before everyone may read it, and how long it holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from services.catalog.rules.flaws import Flaw
from services.catalog.rules.meeting import in_language
from services.catalog.rules.search import LANGUAGES, Searchable
from shared.events.catalog import Texts
from shared.i18n import N_

Kind = Literal["question", "guide", "criteria", "document", "link", "scheme"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

ItemStatus = Literal["draft", "published"]


@dataclass(frozen=True, kw_only=True)
class ItemDetails:
    """What an editor decides.

    ``title`` is the question of a ``question``, and ``body``, in markdown, its answer. ``summary`` is one line. A
    ``link`` has no body: what stands elsewhere is pointed at, not copied. ``url`` is where it stands, ``source`` who
    says it there, ``checked_on`` the last day on which it was found there. A ``scheme`` (a grant, a budget) holds from
    ``valid_from`` up to and including ``valid_to``. ``themes`` are codes, ``meetings`` ids, in the editor's order.
    """

    kind: Kind
    title: Texts
    summary: Texts = field(default_factory=dict)
    body: Texts = field(default_factory=dict)
    url: str = ""
    source: str = ""
    checked_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    themes: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item(ItemDetails):
    """A piece of knowledge and what became of it; ``version`` counts every change and guards against lost updates."""

    id: str
    slug: str
    status: ItemStatus
    version: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        """Whether only organisers may know of it."""
        return self.status == "draft"


def is_past(details: ItemDetails, today: date) -> bool:
    """Whether the period in which it holds is over."""
    return details.valid_to is not None and details.valid_to < today


def searchable(item: ItemDetails) -> list[Searchable]:
    """By which words it is found, in each language in which it has a text."""
    written = {*item.title, *item.summary, *item.body}
    return [
        Searchable(
            language,
            in_language(item.title, language),
            "\n".join((in_language(item.summary, language), in_language(item.body, language), item.source)),
        )
        for language in LANGUAGES
        if language in written
    ]


def language_shown(texts: Texts, language: str) -> str:
    """The language in which ``texts`` are shown to who reads ``language``: the other one where it is missing."""
    return language if texts.get(language) else next(iter(texts), language)


def lacking(texts: Texts, *others: Texts) -> tuple[str, ...]:
    """The languages in which one of these texts is missing while it is there in the other."""
    return tuple(
        language for language in LANGUAGES if any(each and not each.get(language) for each in (texts, *others))
    )


def item_flaws(details: ItemDetails) -> Iterator[Flaw]:
    """What is wrong with a piece of knowledge, a draft too."""
    if details.valid_from and details.valid_to and details.valid_to < details.valid_from:
        yield Flaw("validTo", "ends-before-start", N_("The last day lies before the first."))
    if details.kind == "link" and details.body:
        yield Flaw("body", "link-with-body", N_("A link has one line of ours: the text itself stays where it stands."))


def readiness_flaws(details: ItemDetails, *, files: int) -> Iterator[Flaw]:
    """What it still lacks before everyone may read it; ``files`` is how many files hang on it."""
    if details.kind in {"question", "guide", "criteria", "scheme"} and not details.body:
        yield Flaw("body", "body-missing", N_("Write the text first."))
    if details.kind == "link":
        for name, value in (("url", details.url), ("source", details.source), ("summary", details.summary)):
            if not value:
                yield Flaw(name, "link-incomplete", N_("A link needs an address, a source and one line about it."))
    if details.kind == "document" and not details.url and not files:
        yield Flaw("url", "document-missing", N_("Give the address of the document, or add a file."))
    if details.kind == "scheme" and not details.valid_from and not details.valid_to:
        yield Flaw("validTo", "period-missing", N_("Say from when or until when this holds."))
