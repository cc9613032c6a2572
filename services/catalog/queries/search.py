"""Finding things by words: PostgreSQL's text search in Dutch and English, SQLite's FTS5.

The one place that knows how the two differ. What there is to find is written by ``actions.keep_searchable``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.search import LANGUAGES, Searchable, Wish, read_wish, with_stems
from shared.words import folded, stem

_IN_TITLE, _IN_BODY = 10.0, 1.0
"""How much more a word in a title counts, for SQLite; PostgreSQL has such weights of its own."""


@dataclass(frozen=True)
class Hit:
    """Something that was found: its kind and id, and how well it fits; more is better, and only the order counts."""

    kind: str
    id: str
    rank: float


def hits(session: Session, typed: str, *kinds: str) -> Subquery:
    """The things of these kinds that fit what someone ``typed``, as a table to join: ``kind``, ``id`` and ``rank``.

    Where the words mean nothing (signs, only words that must not occur) it is empty.
    """
    rows = _matching(session, read_wish(typed)).cte("matching").prefix_with("MATERIALIZED")
    # FTS5 cannot rank and group in one step, and with the kind in the first it would be asked once for each row
    found = select(rows.c.kind, rows.c.id, func.max(rows.c.rank).label("rank")).where(rows.c.kind.in_(kinds))
    return found.group_by(rows.c.kind, rows.c.id).subquery("hits")


def best_hits(session: Session, typed: str, kinds: Sequence[str], size: int, offset: int = 0) -> list[Hit]:
    """At most ``size`` of the hits after the first ``offset``, the best first."""
    found = hits(session, typed, *kinds)
    statement = select(found.c.kind, found.c.id, found.c.rank).order_by(found.c.rank.desc(), found.c.kind, found.c.id)
    return [Hit(*row) for row in session.execute(statement.limit(size).offset(offset))]


def as_kept(session: Session, text: Searchable) -> dict[str, str]:
    """The columns of ``search_text`` that hold ``text`` in this database."""
    kept = {"title": folded(text.title), "body": folded(text.body)}
    if not _is_postgresql(session):
        kept = {name: with_stems(value, text.language) for name, value in kept.items()}
    return {"language": text.language, **kept}


def _matching(session: Session, wish: Wish) -> Select[Any]:
    if not wish.wanted:
        nothing = tables.search_text.c
        return select(nothing.kind, nothing.id, cast(0, Float).label("rank")).where(false())
    return _by_postgresql(wish) if _is_postgresql(session) else _by_fts5(wish)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


# PostgreSQL: a column ``document`` of type tsvector, made by the database from the other columns


def _by_postgresql(wish: Wish) -> Select[Any]:
    text = tables.search_text.c
    document = literal_column("search_text.document", TSVECTOR)
    queries = {language: _tsquery(wish, config) for language, config in LANGUAGES.items()}
    fits = or_(*(and_(text.language == language, document.op("@@")(query)) for language, query in queries.items()))
    rank = case(*((text.language == language, func.ts_rank(document, query)) for language, query in queries.items()))
    return select(text.kind, text.id, rank.label("rank")).where(fits)


def _tsquery(wish: Wish, config: str) -> ColumnElement[Any]:
    """All that is wanted and nothing that is not; a word that the language leaves out (``de``) asks nothing."""
    wanted = [_phrase(phrase, config) for phrase in wish.wanted]
    unwanted = [func.tsquery_not(_websearch(phrase, config)) for phrase in wish.unwanted]
    return reduce(func.tsquery_and, [*wanted, *unwanted])


def _phrase(phrase: tuple[str, ...], config: str) -> ColumnElement[Any]:
    exact = _websearch(phrase, config)
    if len(phrase) > 1:
        return exact
    beginning = func.to_tsquery(literal_column("'simple'", REGCONFIG), f"'{phrase[0]}':*")
    return case((func.numnode(exact) == 0, exact), else_=func.tsquery_or(exact, beginning))


def _websearch(phrase: tuple[str, ...], config: str) -> ColumnElement[Any]:
    return func.websearch_to_tsquery(literal_column(f"'{config}'", REGCONFIG), f'"{" ".join(phrase)}"')


# SQLite: a virtual table ``search_index`` over the same rows


def _by_fts5(wish: Wish) -> Select[Any]:
    text = tables.search_text.c
    index = table("search_index", column("rowid"))
    name: ColumnElement[Any] = literal_column("search_index")
    rank = -func.bm25(name, _IN_TITLE, _IN_BODY)
    statement = select(text.kind, text.id, rank.label("rank")).join_from(
        index, tables.search_text, text.position == index.c.rowid
    )
    return statement.where(name.op("MATCH")(_match(wish)))


def _match(wish: Wish) -> str:
    """The wish in the language of FTS5; words hold letters and digits only, so that quotes are enough."""
    wanted = " AND ".join(f"({_forms(phrase)})" for phrase in wish.wanted)
    return " NOT ".join([f"({wanted})", *(f"({_forms(phrase)})" for phrase in wish.unwanted)])


def _forms(phrase: tuple[str, ...]) -> str:
    if len(phrase) > 1:
        return f'"{" ".join(phrase)}"'
    stems = dict.fromkeys(stem(phrase[0], language) for language in LANGUAGES)
    return " OR ".join([f'"{phrase[0]}" *', *(f'"{each}"' for each in stems)])
