"""The data map of a service as people read it: what is kept of whom, why, who sees it and how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flask import Blueprint, render_template
from sqlalchemy import MetaData

from shared.db.data_map import Kept, data_map
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.periods import Periods
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.app import periods_here

OF_ALL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "outbox.payload": N_("what one part of the site tells the others about a registration or a meeting"),
        "inbox.body": N_("what another part of the site told and could not be handled yet"),
        "audit_why.why": N_("the reason that was given for an act"),
        "audit_name.name": N_("what organisers and keys are called"),
    }
)
"""What the columns of the event flow hold, by table and name."""


@dataclass(frozen=True)
class Line:
    """One line of the page, in the reader's language."""

    purpose: str
    kept: str
    ground: str
    seen_by: str
    keep: str


def data_map_lines(metadata: MetaData, words: Mapping[str, str], periods: Periods) -> list[Line]:
    """The data map of these tables; ``words`` say what a column holds, ``periods`` how long the installation keeps it.

    They are found by ``table.column``, else by the name of the column alone.

    Raises ``KeyError`` for a column that nobody found words for.
    """
    kept = sorted(data_map(metadata), key=lambda each: OF_ALL.keys() >= set(each.columns))  # the event flow comes last
    return [_line(each, {**OF_ALL, **words}, periods) for each in kept]


def _line(kept: Kept, words: Mapping[str, str], periods: Periods) -> Line:
    terms = kept.terms
    held = dict.fromkeys(_(words[word_for(column, words)]) for column in kept.columns)
    return Line(_(terms.purpose), ", ".join(held), _(terms.ground), _(terms.seen_by), periods.said(terms.keep))


def word_for(column: str, words: Mapping[str, str]) -> str:
    """Under which name ``words`` say what ``column`` (``table.column``) holds."""
    return column if column in words else column.partition(".")[2]


def what_stays(stays: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """What is not erased with the person, as people read it, and why: both in the reader's language."""
    known = {**OF_ALL, **words}
    return {_(known[word_for(column, known)]): _(why) for column, why in stays.items()}


def privacy_pages(metadata: MetaData, words: Mapping[str, str], stays: Mapping[str, str]) -> Blueprint:
    """``/privacy`` of a service whose own it is to say what it keeps; mounted under its prefix.

    ``stays`` says of some columns why they are not erased with the person.
    """
    pages = Blueprint("privacy", __name__)

    @pages.get("/privacy")
    @verb("statement.read")
    def privacy() -> str:
        lines = data_map_lines(metadata, words, periods_here())
        stay = what_stays(stays, words)
        return render_template("frame/privacy.html", lines=lines, stays=stay, updated_on=RELEASED_ON)

    return pages
