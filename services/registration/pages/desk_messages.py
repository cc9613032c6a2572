"""Messages to those who signed up: written, looked at with the number of people, and only then sent."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.registration.actions.write_message import write_message
from services.registration.forms.messages import MessageForm, message_in
from services.registration.forms.refusals import why_not
from services.registration.lists.words import STATUSES, group_words, spoken
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.access import organisers_called
from services.registration.queries.messages import messages
from services.registration.queries.references import references
from services.registration.queries.registrations import recipients
from services.registration.rules.decision import Refused
from services.registration.rules.messages import is_on_the_day
from shared.db.transaction import Database, new_id
from shared.i18n import current_translator, in_words
from shared.i18n import gettext as _
from shared.people.placeholders import filled_in
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form

_AT_FIRST = ["confirmed", "offered", "attended"]


def desk_messages_pages(database: Database) -> Blueprint:
    """The form, its preview, and what was sent."""
    pages = Blueprint("desk_messages", __name__)

    @pages.get("/desk/<slug>/messages")
    @verb("desk.read")
    def form(slug: str) -> str:
        begin = {
            "key": new_id(),
            "statuses": _AT_FIRST,
            "urgent": request.args.get("urgent") == "true",
            "text": _("Dear %(name)s,", name="{naam}" if current_translator().language == "nl" else "{name}"),
        }
        with database.reading() as session:
            return _page(session, organisers_meeting(session, slug, "desk.read"), filled(begin), database)

    @pages.post("/desk/<slug>/messages/preview")
    @verb("message.write")
    def preview(slug: str) -> tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "message.write")
            given = read_form(MessageForm())
            if given.loaded is None or "edit" in request.form:
                return _page(session, meeting, given, database), 400 if given.errors else 200
            return _preview(session, meeting, given), 200

    @pages.post("/desk/<slug>/messages")
    @verb("message.write")
    def send(slug: str) -> Response | tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "message.write")
        given = read_form(MessageForm())
        sent: int | Refused | None = None
        if given.loaded is not None:
            with database.begin() as tx:
                sent = write_message(
                    tx, meeting.id, message_in(given.loaded, meeting.id), current_actor().id or "unknown"
                )
        if isinstance(sent, int):
            return redirect(url_for("desk_messages.form", slug=slug, sent=sent), 303)
        with database.reading() as session:
            return _page(session, meeting, given, database, sent), 409 if sent else 400

    return pages


def _page(session: Session, meeting: Row[Any], form: Form, database: Database, refused: Refused | None = None) -> str:
    written = messages(session, meeting.id)
    return render_template(
        "registration/desk_messages.html",
        **desk_of(meeting),
        form=form,
        refused=why_not(refused) if refused else None,
        sent=request.args.get("sent", type=int),
        can_be_urgent=is_on_the_day(meeting.starts_at, meeting.ends_at, meeting.time_zone, database.clock()),
        statuses=list(spoken(STATUSES).items()),
        groups=list(group_words(session, meeting).items()),
        regions=[(row.code, in_words(row.labels)) for row in references(session, "region")],
        written=written,
        as_read=lambda text: filled_in(text, name=_("[name]"), meeting=in_words(meeting.title)),
        people=organisers_called(session, {each.by for each in written}),
    )


def _preview(session: Session, meeting: Row[Any], form: Form) -> str:
    """To how many it goes, and how the first of them will read it."""
    assert form.loaded is not None
    message = message_in(form.loaded, meeting.id)
    to = message.to
    people = recipients(session, meeting.id, statuses=to.statuses, groups=to.target_groups, regions=to.regions)
    title = in_words(meeting.title)
    name = people[0].name if people else _("participant")
    return render_template(
        "registration/desk_message_preview.html",
        **desk_of(meeting),
        form=form,
        count=len(people),
        subject=filled_in(message.subject, name=name, meeting=title),
        text=filled_in(message.text, name=name, meeting=title),
        message=message,
    )
