"""Where organisers make, change, publish and cancel meetings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.catalog import queries
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.forms.details import read_details
from services.catalog.forms.edit import beside, empty_form, form_of, patch_of, proposed
from services.catalog.forms.flaws import shown
from services.catalog.forms.meetings import CancellationForm, ChangeForm, MeetingForm
from services.catalog.forms.rows import over, renumbered
from services.catalog.pages.organise.choices import teach_templates
from services.catalog.pages.organise.confirming import asking_page, is_to_confirm
from services.catalog.pages.organise.drafts import preview_page
from services.catalog.pages.organise.history import FEW, newest_told
from services.catalog.pages.organise.meanwhile import SOMEONE_ELSE, is_stale, meanwhile
from services.catalog.queries.venues import offered_venues, venue_called
from services.catalog.queries.words import offered
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.days import home_day
from services.catalog.rules.document import document_of
from services.catalog.rules.flaws import ConflictError, Flaw, FlawedError
from services.catalog.rules.history import Act, author_of
from services.catalog.rules.meeting import Meeting, MeetingDetails
from services.catalog.rules.publication import publication_flaws, was_due
from services.catalog.rules.reach import regions_of, thing_of
from services.catalog.rules.venues import filled_in
from shared.db.transaction import Database, Transaction
from shared.i18n import gettext as _
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.app import periods_here
from shared.web.forms import Form, read_form
from shared.web.problems import Invalid, Problem
from shared.web.reading import merge_patch

_STALE = "version-stale"

_FILL_IN, _PREVIEW = "fillIn", "preview"
"""The buttons that fill in a kept venue, and that show what was typed."""

Page = tuple[str, int] | Response
Deed = Callable[[Transaction, Meeting], Meeting]


def organise_pages(database: Database, addresses: Addresses) -> Blueprint:
    """The pages under ``/organise``."""
    pages = Blueprint("organise", __name__, url_prefix="/organise")
    editor = _Editor(database, addresses)
    teach_templates(pages)

    @pages.get("/meetings/new")
    @verb("meeting.draft")
    def new_meeting() -> Page:
        return editor.page(None, empty_form())

    @pages.post("/meetings/new")
    @verb("meeting.draft")
    def draft() -> Page:
        return editor.draft()

    @pages.get("/meetings/<meeting_id>")
    @verb("draft.read")
    def edit(meeting_id: str) -> Page:
        meeting = editor.meeting(meeting_id)
        permit("draft.read", thing_of(meeting))
        return editor.show(meeting)

    @pages.post("/meetings/<meeting_id>")
    @verb("meeting.change")
    def change(meeting_id: str) -> Page:
        return editor.change(meeting_id)

    @pages.post("/meetings/<meeting_id>/publication")
    @verb("meeting.publish")
    def publish(meeting_id: str) -> Page:
        return editor.publish(meeting_id)

    @pages.post("/meetings/<meeting_id>/cancellation")
    @verb("meeting.cancel")
    def cancel(meeting_id: str) -> Page:
        return editor.cancel(meeting_id)

    return pages


@dataclass(frozen=True)
class _Editor:
    """The page of one meeting: what is refused stands beside the fields, and nothing typed is lost."""

    database: Database
    addresses: Addresses

    def show(self, meeting: Meeting) -> Page:
        """The form of ``meeting``; a seat plan that the address proposes stands in it, and is not saved."""
        with self.database.reading() as session:
            groups = queries.vocabulary(session).get("target-group", frozenset())
        plan = proposed(request.args, meeting, groups)
        return self.page(meeting, Form({**form_of(meeting).typed, **plan}), is_proposed=bool(plan))

    def draft(self) -> Page:
        form = _read_form()
        if _FILL_IN in request.form:
            return self.page(None, self._with_venue(form))
        try:
            with self.database.begin() as tx:
                details = read_details(
                    patch_of(form, empty_form()), queries.vocabulary(tx.session), periods_here().attendees
                )
                regions = regions_of(current_actor(), details)
                permit("meeting.draft", Thing(regions))
                meeting = draft_meeting(
                    tx, replace(details, regions=regions), author_of(current_actor()), self.addresses
                )
        except FlawedError as error:
            return self.page(None, _with_errors(form, error.flaws), 400)
        return _done(meeting, "saved")

    def change(self, meeting_id: str) -> Page:
        """Save, but first show what follows where people's calendars do."""
        form, why = _read_form(), read_form(ChangeForm())
        if _FILL_IN in request.form:
            return self._fill_in(meeting_id, form)
        if "back" in request.form:
            return self._back(meeting_id, form)
        if _PREVIEW in request.form:
            return self._preview(meeting_id, form)
        if "confirmed" not in request.form or why.loaded is None:
            asked = self._ask_first(meeting_id, form, why)
            if asked:
                return asked
        reason = why.loaded["change_reason"] if why.loaded else ""

        def act(tx: Transaction, meeting: Meeting) -> Meeting:
            if is_stale(meeting):
                raise ConflictError(_STALE, SOMEONE_ELSE)
            details = _details(tx.session, meeting, form)
            permit("meeting.change", Thing(details.regions, meeting.id))
            return change_meeting(
                tx, meeting, details, Act("changed", author_of(current_actor()), reason), self.addresses
            )

        return self._act(meeting_id, "meeting.change", act, form) or _done(self.meeting(meeting_id), "saved")

    def _fill_in(self, meeting_id: str, form: Form) -> Page:
        """The form again, with all that is known of the venue; nothing is saved."""
        now = self.meeting(meeting_id)
        permit("meeting.change", thing_of(now))
        return (
            self._meanwhile(now, form) if is_stale(now) else self.page(now, self._with_venue(over(form_of(now), form)))
        )

    def _preview(self, meeting_id: str, form: Form) -> Page:
        """How the meeting would look as it was typed; nothing is saved."""
        now = self.meeting(meeting_id)
        permit("meeting.change", thing_of(now))
        typed = {name: values for name, values in request.form.lists() if name not in {"csrf_token", _PREVIEW}}
        with self.database.reading() as session:
            try:
                changed = replace(now, **vars(_details(session, now, form)))
            except FlawedError as error:
                return self.page(now, _with_errors(over(form_of(now), form), error.flaws), 400)
            return preview_page(session, changed, self.database.clock(), self.addresses, typed), 200

    def _with_venue(self, form: Form) -> Form:
        """The form with the venue filled in whose name was typed; with a word beside it where none is kept."""
        with self.database.reading() as session:
            venue = venue_called(session, form.value("venue.name"), home_day(self.database.clock()))
        if venue is None:
            return Form(form.typed, [Invalid("venue.name", _("No venue of this name is kept."))])
        return Form(filled_in(form.typed, venue))

    def _back(self, meeting_id: str, form: Form) -> Page:
        """From the page that asks first to the form, with all that was typed."""
        now = self.meeting(meeting_id)
        permit("meeting.change", thing_of(now))
        return self._meanwhile(now, form) if is_stale(now) else self.page(now, over(form_of(now), form))

    def _ask_first(self, meeting_id: str, form: Form, why: Form) -> Page | None:
        """The page that shows a change before it goes out; None for one that may not, cannot or need not be asked."""
        meeting = self.meeting(meeting_id)
        permit("meeting.change", thing_of(meeting))
        with self.database.reading() as session:
            try:
                details = _details(session, meeting, form)
            except FlawedError:
                return None
            signed_up = queries.signed_up(session, meeting_id)
        if is_stale(meeting) or not is_to_confirm(meeting, details):
            return None
        page = asking_page(meeting, details, signed_up, why)
        return page, 400 if why.errors else 200

    def _meanwhile(self, meeting: Meeting, form: Form) -> Page:
        """The page that says what others changed since ``form`` was opened; saving it again counts."""
        with self.database.reading() as session:
            others = meanwhile(session, meeting, form)
        return self.page(meeting, others.form, 409, others=others)

    def publish(self, meeting_id: str) -> Page:
        def act(tx: Transaction, meeting: Meeting) -> Meeting:
            return publish_meeting(tx, meeting, author_of(current_actor()), self.addresses)

        return self._act(meeting_id, "meeting.publish", act) or _done(self.meeting(meeting_id), "published")

    def cancel(self, meeting_id: str) -> Page:
        form = read_form(CancellationForm())

        def act(tx: Transaction, meeting: Meeting) -> Meeting:
            if form.loaded is None:
                raise FlawedError([Flaw(each.name, "invalid", each.reason) for each in form.errors])
            return cancel_meeting(tx, meeting, form.loaded["reason"], author_of(current_actor()), self.addresses)

        return self._act(meeting_id, "meeting.cancel", act, form) or _done(self.meeting(meeting_id), "cancelled")

    def meeting(self, meeting_id: str) -> Meeting:
        """The meeting as it is now. Raises ``Problem`` 404."""
        with self.database.reading() as session:
            meeting = queries.meeting_by_id(session, meeting_id)
        if meeting is None:
            raise Problem(404, "meeting-unknown")
        return meeting

    def page(self, meeting: Meeting | None, form: Form, status: int = 200, **said: Any) -> Page:
        """The form of ``meeting`` (None: of a new one), with what else the page is to say."""
        today = home_day(self.database.clock())
        with self.database.reading() as session:
            page = render_template(
                "catalog/organise_meeting.html",
                meeting=meeting,
                form=form,
                regions=offered(session, "region", today, form.value("regions")),
                target_groups=offered(session, "target-group", today, form.value("targetGroups")),
                themes=offered(session, "theme", today, form.value("themes")),
                venues=offered_venues(session, today),
                done=request.args.get("done"),
                signed_up=queries.signed_up(session, meeting.id) if meeting else None,
                history=newest_told(session, meeting) if meeting else (),
                few=FEW,
                overdue=self._overdue(meeting),
                **{"others": None, "is_proposed": False, **said},
            )
        return page, status

    def _overdue(self, meeting: Meeting | None) -> Sequence[Invalid]:
        """Why a draft that was to be public by now is not; each reason with the field beside which it belongs."""
        if meeting is None or not was_due(meeting, self.database.clock()):
            return ()
        return shown([replace(flaw, name=beside(flaw.name)) for flaw in publication_flaws(meeting)])

    def _act(self, meeting_id: str, right: str, act: Deed, form: Form | None = None) -> Page | None:
        """Let ``act`` happen to the meeting; gives the page with the errors where it cannot."""
        try:
            with self.database.begin() as tx:
                meeting = queries.lock_meeting(tx.session, meeting_id)
                if meeting is None:
                    raise Problem(404, "meeting-unknown")
                permit(right, thing_of(meeting))
                act(tx, meeting)
        except FlawedError as error:
            flaws, status = error.flaws, 400
        except ConflictError as error:
            if error.code == _STALE:
                return self._meanwhile(self.meeting(meeting_id), form or Form())
            flaws, status = (Flaw("", error.code, error.reason),), 409
        else:
            return None
        now = self.meeting(meeting_id)
        return self.page(now, _with_errors(over(form_of(now), form or Form()), flaws), status)


def _read_form() -> Form:
    """What was sent, with its rows in order."""
    several = [name for name in request.form if name.endswith(".targetGroups")]
    return renumbered(read_form(MeetingForm(), several))


def _details(session: Session, meeting: Meeting, form: Form) -> MeetingDetails:
    """The meeting as the form says. Raises ``FlawedError``."""
    patched = merge_patch(document_of(meeting), patch_of(form, form_of(meeting)))
    return read_details(patched, queries.vocabulary(session), periods_here().attendees)


def _with_errors(form: Form, flaws: Sequence[Flaw]) -> Form:
    """What was typed, with every flaw beside its field."""
    placed = [replace(flaw, name=beside(flaw.name)) for flaw in flaws]
    return Form(form.typed, shown(placed))


def _done(meeting: Meeting, what: str) -> Response:
    return redirect(url_for("organise.edit", meeting_id=meeting.id, done=what), 303)
