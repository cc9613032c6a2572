"""A step or a success that somebody tells, and how it becomes public."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from services.catalog.rules.search import LANGUAGES, Searchable
from shared.events.catalog import Texts
from shared.i18n import N_

Kind = Literal["small-step", "big-step", "success"]
Status = Literal["told", "published", "refused"]

KINDS: Final = MappingProxyType(
    {"small-step": N_("a small step"), "big-step": N_("a big step"), "success": N_("a success")}
)
"""What a story can be, and how people call it."""

TIME_TO_JUDGE: Final = timedelta(days=182)
"""How long a story waits for an editor; then it is forgotten, with whoever told it."""

REFUSED_KEPT: Final = timedelta(days=30)
"""How long a refused story can still be looked up; who told it is forgotten at once."""


@dataclass(frozen=True, kw_only=True)
class StoryDetails:
    """What is told: ``theme`` and ``region`` are codes, None for none; ``organisation`` is a name, or empty."""

    kind: Kind
    title: Texts
    text: Texts
    theme: str | None = None
    region: str | None = None
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Who tells it. ``named``: the name may be published; ``email`` is for editors only, and may be empty."""

    name: str = ""
    email: str = ""
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class Story(StoryDetails):
    """A story as it is kept; ``name`` and ``email`` are empty once they are no longer needed.

    ``teller`` is the keyed hash of the address once that is gone: the story is found when its teller asks.
    """

    id: str
    slug: str | None
    status: Status
    meeting_id: str | None
    name: str
    email: str
    teller: str | None
    named: bool
    refused_because: str
    told_at: datetime
    published_at: datetime | None
    changed_at: datetime

    @property
    def by(self) -> str:
        """Who tells it, as everyone may read it: the name only with consent."""
        return ", ".join(part for part in (self.name if self.named else "", self.organisation) if part)


def texts_of(story: Story) -> list[Searchable]:
    """What a published story is found by, in each language in which it is written; nothing of any other."""
    if story.status != "published":
        return []
    return [
        Searchable(language, story.title[language], f"{story.text.get(language, '')}\n{story.by}")
        for language in LANGUAGES
        if language in story.title
    ]
