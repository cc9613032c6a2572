"""The audit log for who may read it: a page in each service, and the same for programs. Each look is an entry."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import flask
from flask import render_template, request
from flask.views import MethodView
from marshmallow import fields, validate
from sqlalchemy import Row
from sqlalchemy.orm import Session

from shared.calendar.zones import day_begins_at
from shared.db.audit_search import Question, called, entries, names_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.people.acts import ACTS
from shared.web.access import verb
from shared.web.api import Blueprint, PageQuery, page_of, paged
from shared.web.fields import Form, Line
from shared.web.forms import read_question
from shared.web.reading import read_query
from shared.web.record import on_record

Finder = Callable[[Session, str], Collection[str]]
"""The ids of what people call by this text: a meeting, a person who signed up."""

_A_PAGE = 100
_EXAMPLE: Final = {
    "id": "019283f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
    "at": "2027-03-02T10:30:00Z",
    "act": "audit.read",
    "by": "019283c0-0b1c-7d2e-8f3a-4b5c6d7e8f90",
    "name": "voorbeeld@provincie.example",
    "thing": "",
    "meetingId": None,
    "why": None,
    "facts": {"rule": "/v1/audit"},
}
_NOBODY_BY_NAME = {
    "system": N_("by itself"),
    "nobody": N_("somebody who did not get in"),
    "operator": N_("an operator, by a command"),
    "manager": N_("the key of the installation"),
}


class AuditQuery(PageQuery):
    """Which entries: from one day to another (both included), of one act, by someone, about something."""

    since = fields.Date(load_default=None)
    until = fields.Date(load_default=None)
    act = fields.String(validate=validate.OneOf(["", *ACTS]), load_default="")
    who = Line(load_default="")
    thing = Line(load_default="")
    limit = fields.Integer(load_default=_A_PAGE, validate=validate.Range(min=1, max=1000))


class EntryOut(Form):
    """One entry; ``number`` is its place in the chain."""

    id = fields.String()
    at = fields.AwareDateTime()
    act = fields.String()
    by = fields.String()
    name = fields.String(allow_none=True, metadata={"description": N_("What its author is called, if known.")})
    thing = fields.String()
    meeting_id = fields.String(allow_none=True)
    why = fields.String(allow_none=True)
    facts = fields.Dict()


def nothing_by_name(session: Session, text: str) -> Collection[str]:
    """For a service whose things are found by their ids only."""
    del session, text
    return ()


def audit_pages(database: Database, path: str, finder: Finder = nothing_by_name) -> flask.Blueprint:
    """The page ``path``. ``finder`` says what else than an id things are called by."""
    pages = flask.Blueprint("audit", __name__)

    @pages.get(path)
    @on_record("audit.read")
    @verb("audit.read")
    def log() -> tuple[str, int]:
        form = read_question(AuditQuery())
        asked = form.loaded or AuditQuery().load({})
        with database.reading() as session:
            found = _found(session, database, asked, finder) if form.ok else []
            about = names_of(session, database.flow, {row.thing for row in found})
        number = asked["page"]
        page = render_template(
            "frame/audit.html",
            form=form,
            acts={act: _(words) for act, words in ACTS.items()},
            rows=found[:_A_PAGE],
            about=about,
            who=_who,
            details=_details,
            next_page={**request.args, "page": number + 1} if len(found) > _A_PAGE else None,
        )
        return page, 400 if form.errors else 200

    return pages


def audit_api(database: Database, prefix: str, finder: Finder = nothing_by_name) -> Blueprint:
    """``GET {prefix}/v1/audit``."""
    api = Blueprint("audit_api", __name__, url_prefix=f"{prefix}/v1", description=N_("The audit log"))

    @api.route("/audit")
    class Audit(MethodView):
        @on_record("audit.read")
        @verb("audit.read")
        @api.asks(AuditQuery)
        @api.response(200, EntryOut(many=True), example=[_EXAMPLE])
        def get(self) -> tuple[list[Mapping[str, Any]], Mapping[str, str]]:
            """List who did what to which thing, when and why, the newest first; that it was read is itself an entry."""
            query = read_query(AuditQuery())
            with database.reading() as session:
                rows, links = paged(_found(session, database, query, finder), page_of(query))
            return [row._asdict() for row in rows], links

    return api


def _found(session: Session, database: Database, asked: Mapping[str, Any], finder: Finder) -> Sequence[Row[Any]]:
    """What is asked for, one more than a page holds if there is another."""
    who, thing, page = asked["who"], asked["thing"], page_of(asked)
    question = Question(
        since=day_begins_at(asked["since"]) if asked["since"] else None,
        until=day_begins_at(asked["until"] + timedelta(days=1)) if asked["until"] else None,
        act=asked["act"] or None,
        by=called(session, database.flow, who) if who else None,
        things={*called(session, database.flow, thing), *finder(session, thing)} if thing else None,
    )
    return entries(session, database.flow, question, limit=page.size + 1, offset=page.offset)


def _who(row: Row[Any]) -> str:
    """What the author of an entry is called, in the reader's language; an id that has no name any more as it is."""
    if row.name:
        return str(row.name)
    return _(_NOBODY_BY_NAME[row.by]) if row.by in _NOBODY_BY_NAME else str(row.by)


def _details(facts: Mapping[str, Any]) -> str:
    """The codes and counts of an entry, as they are."""
    shown = {name: ", ".join(value) if isinstance(value, list) else value for name, value in facts.items()}
    return "; ".join(f"{name}: {value}" for name, value in shown.items() if value not in (None, ""))
