"""The network's first page: what it is, for who does not take part yet, and the ways through it for who does."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.network import opened_to
from services.registration.queries.network import last_part_of, meetings_of, profile_of
from services.registration.queries.network_reports import hiding_of
from services.registration.tables.network import HIDDEN_KEEP
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import current_person, verb
from shared.web.app import periods_here
from shared.web.problems import Problem


def network_pages(database: Database) -> Blueprint:
    """``/network``."""
    pages = Blueprint("network", __name__)

    @pages.get("/network")
    @verb("page.read")
    def start() -> str:
        person = current_person()
        if person is None or person.person_key is None:
            return render_template("registration/network.html", stands="unknown")
        with database.reading() as session:
            return _page(session, person.person_key)

    return pages


def _page(session: Session, person_key: str) -> str:
    viewer = profile_of(session, person_key)
    if viewer is None:
        stands = "may-join" if last_part_of(session, person_key) else "no-part-yet"
        return render_template("registration/network.html", stands=stands)
    hiding = hiding_of(session, person_key)
    return render_template(
        "registration/network.html",
        stands="member",
        viewer=viewer,
        opened_to=opened_to(viewer.visible_to),
        hiding=hiding,
        hidden_until=hiding and hiding.hidden_at + periods_here().of(HIDDEN_KEEP),
        meetings=[(meeting, in_words(meeting.title)) for meeting in meetings_of(session, person_key)],
    )


def signed_in() -> str:
    """The address key of the participant who is signed in. Raises ``Problem`` 403 for who came by something else."""
    person = current_person()
    if person is None or person.person_key is None:
        raise Problem(403)
    return person.person_key


class NotTakingPartError(Exception):
    """Who is signed in has no profile."""


def members_pages(name: str) -> Blueprint:
    """Pages for those who take part; who does not is led to the page that says what the network is."""
    pages = Blueprint(name, __name__)
    pages.register_error_handler(NotTakingPartError, lambda _error: to_start())
    return pages


def own_profile(session: Session) -> Row[Any]:
    """The profile of who is signed in. Raises ``Problem`` 403, and ``NotTakingPartError`` for who has none."""
    mine = profile_of(session, signed_in())
    if mine is None:
        raise NotTakingPartError
    return mine


def to_start() -> Any:
    """To the page that says what the network is."""
    return redirect(url_for("network.start"), 303)
