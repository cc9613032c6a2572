"""Were you satisfied with this page? Asked below each page, answered here; nothing is kept of who answers."""

from flask import Blueprint, render_template, request

from services.catalog.actions.consent_to_research import consent_to_research
from services.catalog.actions.judge_page import judge_page
from services.catalog.forms.feedback import FeedbackForm
from services.catalog.rules.feedback import is_page
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.people.links import Links
from shared.release import RELEASED_ON
from shared.web.access import verb
from shared.web.app import periods_here
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.problems import Problem

RESEARCH = "research"
"""What a link is good for that withdraws a consent."""

Page = tuple[str, int]


def feedback_pages(database: Database, links: Links) -> Blueprint:
    """``/feedback``: the form, and what is sent with it."""
    pages = Blueprint("feedback", __name__, url_prefix="/feedback")

    @pages.get("")
    @verb("page.read")
    def ask() -> str:
        asked = {"page": request.args.get("page", "/"), "satisfied": request.args.get("satisfied", "")}
        if not is_page(asked["page"]):
            raise Problem(404)
        return render_template("catalog/feedback.html", form=filled(asked), updated_on=RELEASED_ON)

    @pages.post("")
    @verb("feedback.give")
    def give() -> Page:
        form = read_form(FeedbackForm())
        if form.loaded is None or not is_allowed("feedback", form):
            page = render_template("catalog/feedback.html", form=form, updated_on=RELEASED_ON)
            return page, 429 if form.loaded else 400
        said, token = form.loaded, None
        with database.begin() as tx:
            judge_page(tx, said["page"], said["words"], satisfied=said["satisfied"] == "yes")
        if said["research"]:
            language, months = current_translator().language, periods_here().research
            with database.begin() as tx:
                contact_id = consent_to_research(tx, said["email"].lower(), language, months)
            token = links.sign(RESEARCH, contact_id)
        thanks = render_template("catalog/feedback_given.html", page=said["page"], token=token, updated_on=RELEASED_ON)
        return thanks, 201

    return pages


def is_allowed(kind: str, form: Form) -> bool:
    """Whether this post is within the limits; if not, the form says so."""
    try:
        allow_post(kind, address=form.value("email").strip().lower() or None)
    except TooMany as error:
        form.refuse("", error.detail)
        return False
    return True
