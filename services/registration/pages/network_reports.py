"""What participants reported about each other: programme managers look into it, and hide a profile if they must."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.report_person import judge_profile, show_again
from services.registration.forms.network import DecisionForm, HidingForm, words_known
from services.registration.queries.network_reports import (
    hidden_people,
    open_reports,
    profile_by,
    profiles_called,
    report_by,
)
from services.registration.tables.network import HIDDEN_KEEP
from shared.db.transaction import Database
from shared.web.access import current_actor, verb
from shared.web.app import periods_here
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem
from shared.web.record import on_record


def network_reports_pages(database: Database) -> Blueprint:
    """``/network/reports``."""
    pages = Blueprint("network_reports", __name__)

    @pages.get("/network/reports")
    @on_record("network-reports.read")
    @verb("network.moderate")
    def reports() -> str:
        with database.reading() as session:
            lasts = periods_here().of(HIDDEN_KEEP)
            return render_template(
                "registration/network_reports.html",
                reports=open_reports(session),
                out_of_sight=[(each, each.hidden_at + lasts) for each in hidden_people(session)],
            )

    @pages.get("/network/reports/<report_id>")
    @on_record("network-reports.read")
    @verb("network.moderate")
    def report(report_id: str) -> str:
        with database.reading() as session:
            return _page(_open_or_404(session, report_id), filled({}))

    @pages.post("/network/reports/<report_id>")
    @verb("network.moderate")
    def decide(report_id: str) -> Any:
        form = read_form(DecisionForm())
        with database.reading() as session:
            about = _open_or_404(session, report_id)
        if form.loaded is None:
            return _page(about, form), 400
        with database.begin() as tx:
            judge_profile(
                tx,
                _profile_or_404(tx.session, about.reported_id),
                form.loaded["decision"],
                form.loaded["reason"],
                _by(),
            )
        return redirect(url_for("network_reports.reports"), 303)

    @pages.get("/network/reports/people")
    @on_record("profiles.read")
    @verb("network.moderate")
    def people() -> str:
        wanted = request.args.get("q", "").strip()
        with database.reading() as session:
            found = profiles_called(session, wanted) if wanted else []
        return render_template("registration/network_moderation.html", wanted=wanted, found=found)

    @pages.get("/network/reports/people/<profile_id>")
    @on_record("profiles.read")
    @verb("network.moderate")
    def person(profile_id: str) -> str:
        with database.reading() as session:
            return _person_page(session, profile_id, filled({}))

    @pages.post("/network/reports/people/<profile_id>")
    @verb("network.moderate")
    def hide(profile_id: str) -> Any:
        form = read_form(HidingForm())
        if form.loaded is None:
            with database.reading() as session:
                return _person_page(session, profile_id, form), 400
        with database.begin() as tx:
            judge_profile(tx, _profile_or_404(tx.session, profile_id), "hidden", form.loaded["reason"], _by())
        return redirect(url_for("network_reports.reports"), 303)

    @pages.post("/network/reports/hidden")
    @verb("network.moderate")
    def end() -> Any:
        with database.begin() as tx:
            show_again(tx, request.form.get("person", ""), _by())
        return redirect(url_for("network_reports.reports"), 303)

    return pages


def _by() -> str:
    return current_actor().id or ""


def _open_or_404(session: Session, report_id: str) -> Row[Any]:
    """A report that nobody looked into yet. Raises ``Problem`` 404."""
    report = report_by(session, report_id)
    if report is None:
        raise Problem(404)
    return report


def _profile_or_404(session: Session, profile_id: str) -> Row[Any]:
    """Any profile. Raises ``Problem`` 404."""
    found = profile_by(session, profile_id)
    if found is None:
        raise Problem(404)
    return found


def _person_page(session: Session, profile_id: str, form: Form) -> str:
    return render_template(
        "registration/network_moderation_one.html",
        other=_profile_or_404(session, profile_id),
        words=words_known(session),
        form=form,
    )


def _page(report: Row[Any], form: Form) -> str:
    return render_template("registration/network_report_one.html", report=report, form=form)
