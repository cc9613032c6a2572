"""What is erased by time, for programme managers and auditors: how long it is kept, and how the last run went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from shared.db.audit_search import Question, entries
from shared.db.retention import ACT, Found, Term, name_of, past_their_terms
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.periods import Periods
from shared.web.access import verb
from shared.web.app import periods_here
from shared.web.privacy import OF_ALL, word_for


@dataclass(frozen=True)
class Line:
    """A term in the reader's language: how much the last run erased, and how much is past it now."""

    what: str
    keep: str
    erased: int
    waits: int


def retention_pages(database: Database, path: str, terms: Sequence[Term], words: Mapping[str, str]) -> Blueprint:
    """The page ``path``. ``words`` say what a column holds, as on the page about privacy."""
    pages = Blueprint("retention", __name__)

    @pages.get(path)
    @verb("audit.read")
    def retention() -> str:
        with database.reading() as session:
            found = past_their_terms(session, terms, database.clock())
            last = next(iter(entries(session, database.flow, Question(act=ACT), limit=1)), None)
        erased: Mapping[str, int] = last.facts if last else {}
        periods = periods_here()
        lines = [_line(each, erased, {**OF_ALL, **words}, periods) for each in found]
        return render_template("frame/retention.html", lines=lines, last=last)

    return pages


def _line(found: Found, erased: Mapping[str, int], words: Mapping[str, str], periods: Periods) -> Line:
    held = dict.fromkeys(_(words[word_for(column, words)]) for column in found.term.columns)
    return Line(", ".join(held), periods.said(found.term.keep), erased.get(name_of(found.term), 0), found.count)
