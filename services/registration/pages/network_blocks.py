"""Keeping someone away, and reporting someone to the programme managers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row

from services.registration.actions.block_person import block_person, renew_block, unblock_person
from services.registration.actions.report_person import report_person
from services.registration.forms.network import ReportForm
from services.registration.pages.network import members_pages, own_profile
from services.registration.pages.network_people import visible_or_404
from services.registration.queries.network_reports import blocks_of
from shared.db.transaction import Database, Transaction
from shared.web.access import PERSON_SIGN_IN_PAGE, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post


def network_blocks_pages(database: Database) -> Blueprint:
    """``/network/blocks``, and what one can do against a person."""
    pages = members_pages("network_blocks")

    @pages.post("/network/people/<profile_id>/block")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def block(profile_id: str) -> Any:
        with database.begin() as tx:
            viewer = own_profile(tx.session)
            block_person(tx, viewer.id, visible_or_404(tx.session, viewer, profile_id))
        return redirect(url_for("network_blocks.blocks"), 303)

    @pages.get("/network/blocks")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def blocks() -> Any:
        with database.reading() as session:
            viewer = own_profile(session)
            return render_template("registration/network_blocks.html", blocks=blocks_of(session, viewer.id))

    def done_to(block_id: str, act: Callable[[Transaction, str, str], None]) -> Any:
        with database.begin() as tx:
            act(tx, own_profile(tx.session).id, block_id)
        return redirect(url_for("network_blocks.blocks"), 303)

    @pages.post("/network/blocks/<block_id>/renewal")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def renew(block_id: str) -> Any:
        return done_to(block_id, renew_block)

    @pages.post("/network/blocks/<block_id>/lifting")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def lift(block_id: str) -> Any:
        return done_to(block_id, unblock_person)

    @pages.get("/network/people/<profile_id>/report")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def report_form(profile_id: str) -> Any:
        with database.reading() as session:
            viewer = own_profile(session)
            other = visible_or_404(session, viewer, profile_id)
        return _report_page(other, filled({}))

    @pages.post("/network/people/<profile_id>/report")
    @verb("network.use", sign_in=PERSON_SIGN_IN_PAGE)
    def report(profile_id: str) -> Any:
        form = read_form(ReportForm())
        with database.reading() as session:
            viewer = own_profile(session)
            other = visible_or_404(session, viewer, profile_id)
        if form.loaded is None:
            return _report_page(other, form), 400
        try:
            allow_post("network-report", address=viewer.address_key)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return _report_page(other, form), problem.status, problem.headers
        with database.begin() as tx:
            report_person(tx, viewer.id, other.id, form.loaded["text"])
        return _report_page(other, Form(), reported=True), 201

    return pages


def _report_page(other: Row[Any], form: Form, *, reported: bool = False) -> str:
    return render_template("registration/network_report.html", other=other, form=form, reported=reported)
