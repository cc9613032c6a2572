"""Another seat plan, tried out before it is saved: who would get a seat, and why the others would not."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request
from marshmallow import ValidationError
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.registration.forms.plan import PlanForm, plan_in, typed_plan, wrong_with
from services.registration.lists.waiting import Preview, preview
from services.registration.lists.words import group_words
from services.registration.pages.desk_words import fates_words, why_words
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.meetings import thing_of
from services.registration.queries.seats import Seats, seats_of, with_plan
from shared.db.transaction import Database
from shared.i18n import _, current_translator
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.app import settings_of
from shared.web.forms import Form, filled, read_question
from shared.web.policy import SCRIPTED

_ALWAYS = ("capacity", "releaseAt", "waitingList", "promotion", "offerHours", "cutoffHours")


def plan_pages(database: Database) -> Blueprint:
    """The editor. It changes nothing: catalog owns the plan. That a plan cannot be is an answer like any other here."""
    pages = Blueprint("plan", __name__)

    @pages.get("/desk/<slug>/plan")
    @verb("desk.read")
    def editor(slug: str) -> Response | tuple[str, Mapping[str, str]]:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "desk.read")
            own = filled(typed_plan(meeting.seat_plan, meeting.time_zone))
            if "capacity" not in request.args:
                return _page(session, meeting, own), SCRIPTED
            names = _names(meeting, _codes(meeting, group_words(session, meeting)))
            if not request.args.keys() >= set(names):
                whole = {name: own.value(name) for name in names} | request.args.to_dict()
                return redirect(f"{request.path}?{urlencode(whole)}", 303)
            form = read_question(PlanForm())
            tried = _tried(meeting, form)
            shown = _page(
                session,
                meeting,
                form,
                seats=tried,
                preview=preview(session, tried, database.clock()) if tried else None,
            )
            return shown, SCRIPTED

    return pages


def _tried(meeting: Row[Any], form: Form) -> Seats | None:
    """The seats under the plan in the form; what is wrong with it stands in the form after that."""
    if form.loaded is None:
        return None
    try:
        seats = with_plan(seats_of(meeting), plan_in(form.loaded, meeting.time_zone))
    except ValidationError as error:
        form.refuse("releaseAt", current_translator().reword(str(error.messages[0])))
        return None
    form.errors += wrong_with(seats)
    return None if form.errors else seats


def _page(session: Session, meeting: Row[Any], form: Form, **tried: Any) -> str:
    words = group_words(session, meeting)
    codes = _codes(meeting, words)
    may_apply = tried.get("preview") and may(current_actor(), "meeting.change", thing_of(meeting))
    return render_template(
        "registration/plan.html",
        **desk_of(meeting),
        form=form,
        codes=codes,
        words=words,
        why=lambda why: why_words(why, words, meeting.time_zone),
        apply=_catalogs_page(meeting, form, codes) if may_apply else None,
        gist=_gist(form, tried.get("preview")),
        **{"seats": None, "preview": None, **tried},
    )


def _gist(form: Form, foreseen: Preview | None) -> str:
    """All of it in one sentence, to be read out while the plan is typed; nothing before any was tried."""
    if form.errors:
        return " ".join([_("This plan cannot be."), *(error.reason for error in form.errors)])
    return fates_words(foreseen) if foreseen else ""


def _codes(meeting: Row[Any], words: Mapping[str, str]) -> Sequence[str]:
    """The roles that a plan can be about: the meeting's, those of its plan, and for everyone's meeting all."""
    own = [group["code"] for group in meeting.target_groups] or list(words)
    planned = [*meeting.seat_plan["reserved"], *meeting.seat_plan["maximum"]]
    return list(dict.fromkeys([*own, *planned]))


def _names(meeting: Row[Any], codes: Sequence[str]) -> list[str]:
    """The fields of the form; an address that leaves some out means the meeting's own there."""
    return [
        *_ALWAYS,
        *(["onlineCapacity"] if meeting.facts["attendanceMode"] == "mixed" else []),
        *(f"{member}.{code}" for code in codes for member in ("reserved", "maximum")),
    ]


def _catalogs_page(meeting: Row[Any], form: Form, codes: Sequence[str]) -> str:
    """Where the plan is saved: catalog's page of the meeting, filled in; what was left empty is empty there too."""
    query = urlencode([(f"seatPlan.{name}", form.value(name)) for name in _names(meeting, codes)])
    return f"{settings_of(current_app).base_url}/organise/meetings/{meeting.id}?{query}"
