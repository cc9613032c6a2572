"""What the door shows: the list of who may come, or the one person whose badge was read."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.note_list_access import note_list_access
from services.registration.lists.door import guests, with_code, with_text
from services.registration.lists.words import group_words
from services.registration.pages.meetings import organisers_meeting
from services.registration.queries.meetings import thing_of
from services.registration.queries.registrations import registration_by
from services.registration.queries.seats import figures, seats_of
from shared.db.audit import note
from shared.db.transaction import Database, new_id
from shared.i18n import in_words
from shared.people.roles import may
from shared.web.access import current_actor
from shared.web.forms import Form, filled
from shared.web.policy import SCANNING
from shared.web.problems import Problem


def reached(database: Database, slug: str, name: str = "attendance.change") -> Row[Any]:
    """The meeting, for someone who may do ``name`` there. Raises ``Problem`` 404 or 403."""
    with database.reading() as session:
        return organisers_meeting(session, slug, name)


def require_at(session: Session, meeting: Row[Any], registration_id: str) -> None:
    """Nobody comes to one meeting by the address of another. Raises ``Problem`` 404."""
    row = registration_by(session, registration_id)
    if row is None or row.meeting_id != meeting.id:
        raise Problem(404)


def list_page(database: Database, meeting: Row[Any], walk_in: Form | None = None) -> Response:
    """Who is expected, by name, what was searched for only; and the form for who had not signed up.

    As with every list of people, that it was opened is on record before anyone has it.
    """
    q = request.args.get("q", "").strip()
    with database.reading() as session:
        everyone = guests(session, meeting.id)
    here, by = with_text(everyone, q), current_actor().id or ""
    with database.begin() as tx:
        note_list_access(tx, meeting.id, by=by, purpose="door", form="page", groups=(), people=len(here))
    with database.reading() as session:
        page = render_template(
            "registration/check_in.html",
            **_facts(session, meeting),
            search=filled({"q": q}),
            seated=[guest for guest in here if guest.seated],
            waiting=[guest for guest in here if not guest.seated],
            expected=sum(guest.seated for guest in everyone),
            present=sum(guest.came for guest in everyone),
            full=not figures(seats_of(meeting), database.clock()).free,
            form=walk_in or filled({"key": new_id()}),
            may_close=may(current_actor(), "attendance.close", thing_of(meeting)),
            begun=database.clock() >= meeting.starts_at,
        )
    return _shown(page, walk_in)


def one_page(database: Database, meeting: Row[Any], code: str, let_in: Form | None = None) -> Response:
    """The person whose badge has this code; who has no seat can be let in."""
    with database.reading() as session:
        guest = with_code(guests(session, meeting.id), code)
    if guest is not None:
        with database.begin() as tx:
            note(tx, "registration.read", by=current_actor().id or "", thing=guest.id, meeting_id=meeting.id)
    with database.reading() as session:
        page = render_template(
            "registration/check_in_one.html",
            **_facts(session, meeting),
            search=filled({"code": code}),
            guest=guest,
            form=let_in or filled({}),
        )
    return _shown(page, let_in)


def back(meeting: Row[Any], **where: Any) -> Any:
    """To the list again, after something was done."""
    return redirect(url_for("check_in.door", slug=meeting.slug, **where), 303)


def _shown(page: str, refused: Form | None) -> Response:
    return Response(page, 400 if refused else 200, headers=SCANNING)


def _facts(session: Session, meeting: Row[Any]) -> dict[str, Any]:
    """What both pages say of the meeting."""
    return {"meeting": meeting, "title": in_words(meeting.title), "words": group_words(session, meeting)}
