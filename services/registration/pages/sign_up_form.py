"""The form with which someone signs up and the answer to it: of a newcomer, and of who is known by their own link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.lists.words import group_words
from services.registration.pages.asked import Options, asked_by, organisation_options, session_titles
from services.registration.pages.meetings import roles_open
from services.registration.pages.urgent import urgent_now
from services.registration.pages.waiting import ONLINE, elsewhere, prospect
from services.registration.queries.alternatives import coming, public_free
from services.registration.queries.references import Workplace
from services.registration.queries.seats import public_figures, seats_of
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_now
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, Outcome
from shared.db.transaction import new_id
from shared.i18n import N_, in_words
from shared.i18n import gettext as _
from shared.web.forms import Form
from shared.web.policy import SCRIPTED

KEY = "key"
"""The hidden field by which a form that is sent twice is known."""


@dataclass(frozen=True)
class SignUpPage:
    """The page of one meeting at ``now`` (aware). ``known``: another registration of the person, who types nothing."""

    session: Session
    meeting: Row[Any]
    now: datetime
    known: Row[Any] | None = None

    def form(self, form: Form, outcome: Outcome | None = None) -> Response:
        """The form, with why it was not taken: 400 for its fields, 409 for an ``outcome`` that is not about them."""
        session, meeting, now = self.session, self.meeting, self.now
        refused = refuse_now(seats_of(meeting).opening, now)
        if isinstance(outcome, Refused) and not form.errors:
            refused = outcome
        shown = public_figures(session, meeting.id) or {}
        full = not public_free(meeting, shown, None, now)
        group = form.value("targetGroup") or None
        page = render_template(
            "registration/sign_up.html",
            meeting=meeting,
            title=in_words(meeting.title),
            urgent=urgent_now(session, meeting, now),
            form=form,
            known=self.known,
            key=form.value(KEY) or new_id(),
            refused=why_not(refused) if refused else None,
            roles=roles_open(session, meeting) if full else self._roles(shown),
            organisations=organisation_options(session),
            asked=asked_by(session, meeting, now),
            full=full,
            others=elsewhere(session, meeting, group, now) if full or refused else [],
            has_series=meeting.series is not None and len(coming(session, meeting.series, now)) > 1,
        )
        return Response(page, 400 if form.errors else 409 if outcome else 200, headers=SCRIPTED)

    def _roles(self, shown: Mapping[str, Any]) -> Options:
        """The roles, and which of them have no seat left while others have, by the figures ``shown`` to the public."""
        meeting = self.meeting
        is_waiting_list, is_mixed = meeting.seat_plan["waitingList"], seats_of(meeting).mixed
        words = N_("%(role)s (full: waiting list)") if is_waiting_list else N_("%(role)s (full)")
        return [
            (code, role if is_mixed or public_free(meeting, shown, code, self.now) else _(words, role=role))
            for code, role in roles_open(self.session, meeting)
        ]

    def answer(self, answered: Answered, form: Form, where: Workplace) -> Response:
        """What someone is told who signed up with ``form`` and works ``where``."""
        group = form.value("targetGroup")
        page = render_template(
            "registration/signed_up.html",
            meeting=self.meeting,
            title=in_words(self.meeting.title),
            answered=answered,
            name=form.value("name"),
            email=form.value("email"),
            organisation=where[0],
            group=group_words(self.session, self.meeting).get(group, group),
            prospect=prospect(self.meeting, self.now) if answered.place_in_group else ONLINE,
            session_titles=session_titles(self.meeting),
            others=elsewhere(self.session, self.meeting, group, self.now) if answered.place else [],
        )
        return Response(page, 201)


def note_refusal(form: Form, outcome: Outcome) -> None:
    """Say beside its field what is wrong, where the seat gate found it."""
    match outcome:
        case GroupUnknown():
            form.refuse("targetGroup", _(UNKNOWN_GROUP))
        case Refused("not-eligible"):
            form.refuse("targetGroup", why_not(outcome))
        case KeyReused():
            form.typed[KEY] = new_id()
            form.refuse("", _("You changed the form after it was sent. Look at it and send it once more."))
