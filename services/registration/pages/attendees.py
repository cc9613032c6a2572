"""Attendee lists, on screen and as files, and who saw them."""

from flask import Blueprint, Response, current_app, render_template

from services.registration.forms.attendees import AttendeesQuery
from services.registration.lists.attendee_list import Asked, AttendeeList, take_list
from services.registration.lists.columns import Form
from services.registration.lists.files import file_of
from services.registration.lists.words import FORMS, PURPOSES, group_words, spoken
from services.registration.pages.meetings import organisers_meeting
from services.registration.queries.afterwards import list_accesses
from services.registration.rules.purposes import Purpose, purposes_of
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.app import settings_of
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.record import on_record


def attendees_pages(database: Database) -> Blueprint:
    """The attendee list of a meeting, in the form that is asked for."""
    pages = Blueprint("lists", __name__)

    @pages.get("/desk/<slug>/attendees")
    @verb("attendees.read")
    def on_screen(slug: str) -> str:
        taken = _taken(database, slug, "page")
        with database.reading() as session:
            words = group_words(session, taken.meeting)
        purposes = spoken(PURPOSES)
        titles, rows = taken.on_screen()
        return render_template(
            "registration/attendees.html",
            meeting=taken.meeting,
            title=in_words(taken.meeting.title),
            taken=taken,
            titles=titles,
            rows=rows,
            words=words,
            purposes=[(purpose, purposes[purpose]) for purpose in purposes_of(current_actor().role)],
        )

    @pages.get("/desk/<slug>/attendees.<any(csv, xlsx, pdf):form>")
    @verb("attendees.read")
    def attendees_file(slug: str, form: Form) -> Response:
        return _download(_taken(database, slug, form))

    @pages.get("/desk/<slug>/badges.pdf")
    @verb("attendees.read")
    def badges(slug: str) -> Response:
        return _download(_taken(database, slug, "badges", "door"))

    @pages.get("/desk/<slug>/list-access")
    @on_record("audit.read")
    @verb("list-access.read")
    def list_access(slug: str) -> str:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "list-access.read")
            return render_template(
                "registration/list_access.html",
                meeting=meeting,
                title=in_words(meeting.title),
                lines=list_accesses(session, meeting.id),
                words=group_words(session, meeting),
                purposes=spoken(PURPOSES),
                forms=spoken(FORMS),
            )

    return pages


def _taken(database: Database, slug: str, form: Form, purpose: Purpose | None = None) -> AttendeeList:
    """The list that the address asks for. Raises ``Problem`` 400, 403 or 404."""
    actor = current_actor()
    with database.reading() as session:
        meeting = organisers_meeting(session, slug, "attendees.read")
        query = read_query(AttendeesQuery())
        known = group_words(session, meeting)
    allowed = purposes_of(actor.role)
    wanted = purpose or query["purpose"] or allowed[0]
    if wanted not in allowed:
        raise Problem(403)
    if not known.keys() >= set(query["targetGroup"]):
        raise Problem(404)
    asked = Asked(by=actor.id or "", role=actor.role, purpose=wanted, form=form, groups=query["targetGroup"])
    return take_list(database, meeting, asked)


def _download(taken: AttendeeList) -> Response:
    file = file_of(taken, settings_of(current_app).base_url)
    return Response(file.content, headers=file.headers)
