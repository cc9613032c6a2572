"""A meeting before it is public, or a change of it: looked at as others will see it. A draft may be thrown away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.discard_draft import discard_draft
from services.catalog.forms.edit import beside
from services.catalog.forms.flaws import as_problems, shown
from services.catalog.pages.meetings import shown_meeting
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.entry import entry_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.publication import publication_flaws, remarks
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.web.access import permit, verb
from shared.web.problems import Problem

_SAVED: Mapping[str, Sequence[str]] = MappingProxyType({})
"""Nothing was typed: what is looked at is what is kept."""


def preview_page(
    session: Session, meeting: Meeting, now: datetime, addresses: Addresses, typed: Mapping[str, Sequence[str]] = _SAVED
) -> str:
    """How everyone would see ``meeting`` at ``now`` (aware), and how it would stand in calendars.

    ``typed`` are the fields of a form in which it was changed and not saved: the way back to that has them all.
    """
    public = replace(meeting, status="published") if meeting.is_draft else meeting
    facts, language = shown_meeting(session, public, now), current_translator().language
    labels = [label for kind in facts["words"].values() for label in kind]
    return render_template(
        "catalog/organise_preview.html",
        **facts,
        entry=entry_of(meeting, tuple(labels), addresses.meeting(meeting.slug), language),
        missing=shown(list(publication_flaws(meeting))) if meeting.is_draft else [],
        odd=shown(list(remarks(meeting))),
        beside=beside,
        typed=typed,
    )


def draft_pages(database: Database, addresses: Addresses) -> Blueprint:
    """``/organise/meetings/{id}/preview`` and ``…/discarding``."""
    pages = Blueprint("organise_drafts", __name__, url_prefix="/organise")

    @pages.get("/meetings/<meeting_id>/preview")
    @verb("draft.read")
    def preview(meeting_id: str) -> str:
        meeting = _meeting(meeting_id, "draft.read")
        with database.reading() as session:
            return preview_page(session, meeting, database.clock(), addresses)

    @pages.get("/meetings/<meeting_id>/discarding")
    @verb("meeting.discard")
    def ask(meeting_id: str) -> str:
        return render_template("catalog/organise_discard.html", meeting=_meeting(meeting_id, "meeting.discard"))

    @pages.post("/meetings/<meeting_id>/discarding")
    @verb("meeting.discard")
    def discard(meeting_id: str) -> Response:
        _meeting(meeting_id, "meeting.discard")
        with database.begin() as tx, as_problems():
            meeting = queries.lock_meeting(tx.session, meeting_id)
            if meeting:
                discard_draft(tx, meeting)
        return redirect(url_for("organise_overview.at_hand", done="discarded"), 303)

    def _meeting(meeting_id: str, name: str) -> Meeting:
        with database.reading() as session:
            meeting = queries.meeting_by_id(session, meeting_id)
        if meeting is None:
            raise Problem(404, "meeting-unknown")
        permit(name, thing_of(meeting))
        return meeting

    return pages
