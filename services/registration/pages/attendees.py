"""Attendee lists as files."""

from flask import Blueprint, Response, request

from services.registration.lists import csv
from services.registration.lists.rows import attendees
from services.registration.pages.meetings import group_words, organisers_meeting
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.problems import Problem


def attendees_pages(database: Database) -> Blueprint:
    """The attendee list of a meeting, in the form that is asked for."""
    pages = Blueprint("lists", __name__)

    @pages.get("/desk/<slug>/attendees.csv")
    @verb("attendees.read")
    def attendees_file(slug: str) -> Response:
        group = request.args.get("targetGroup")
        with database.reading() as session:
            row = organisers_meeting(session, slug, "attendees.read")
            if group and group not in group_words(session, row):
                raise Problem(404)
            people = attendees(session, row.id, [group] if group else ())
        name = f"{row.slug}-{group}" if group else row.slug
        return Response(csv.attendee_csv(people), headers=csv.headers(name))

    return pages
