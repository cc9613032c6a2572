"""The mailroom of one meeting: what each calendar was told and what it answered, at a glance and per person."""

from flask import Blueprint, Response, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from services.notifications.actions.mail_invitation import send_again
from services.notifications.forms import ANSWERS, KINDS, STATUSES
from services.notifications.forms.campaigns import CAMPAIGN_STATUSES
from services.notifications.queries import meeting_facts, thing_of
from services.notifications.queries.campaigns import campaigns_of
from services.notifications.queries.invitations import invitation_by_id
from services.notifications.queries.mailroom import calendars_of, mails_to, received_about
from services.notifications.queries.under_way import messages_of
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.calendars import glance
from shared.db.audit import note
from shared.db.transaction import Database
from shared.events.catalog import Meeting
from shared.i18n import in_words
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.policy import SCRIPTED
from shared.web.problems import Problem
from shared.web.record import on_record


def mailroom_meeting_pages(database: Database, ours: OurAddresses) -> Blueprint:
    """``/notifications/mailroom/meetings/{id}``, one person's mail there, and the button that sends again."""
    pages = Blueprint("mailroom_meeting", __name__, url_prefix="/notifications/mailroom/meetings/<meeting_id>")

    @pages.get("")
    @on_record("mail.read")
    @verb("mailroom.read")
    def meeting(meeting_id: str) -> Response:
        with database.reading() as session:
            facts = _permitted(session, "mailroom.read", meeting_id)
            calendars = calendars_of(session, meeting_id)
            campaigns, messages = campaigns_of(session, meeting_id), messages_of(session, meeting_id)
        page = render_template(
            "notifications/mailroom_meeting.html",
            meeting_id=meeting_id,
            slug=facts.slug,
            title=in_words(facts.title),
            calendars=calendars,
            glance=glance(calendar.health for calendar in calendars),
            campaigns=campaigns,
            campaign_statuses=CAMPAIGN_STATUSES,
            messages=messages,
            answers=ANSWERS,
            statuses=STATUSES,
        )
        return Response(page, headers=SCRIPTED)

    @pages.get("/people/<invitation_id>")
    @on_record("mail.read")
    @verb("mailroom.read")
    def person(meeting_id: str, invitation_id: str) -> str:
        with database.reading() as session:
            facts = _permitted(session, "mailroom.read", meeting_id)
            calendars = {each.invitation_id: each for each in calendars_of(session, meeting_id)}
            calendar = calendars.get(invitation_id)
            invitation = invitation_by_id(session, invitation_id)
            if calendar is None or invitation is None:
                raise Problem(404)
            mails = mails_to(session, invitation)
            answers = received_about(session, invitation_id)
        return render_template(
            "notifications/mailroom_person.html",
            meeting_id=meeting_id,
            slug=facts.slug,
            title=in_words(facts.title),
            calendar=calendar,
            uid=invitation.uid,
            mails=mails,
            received=answers,
            answers=ANSWERS,
            statuses=STATUSES,
            kinds=KINDS,
        )

    @pages.post("/people/<invitation_id>")
    @verb("mail.send")
    def again(meeting_id: str, invitation_id: str) -> AnyResponse:
        with database.begin() as tx:
            _permitted(tx.session, "mail.send", meeting_id)
            invitation = invitation_by_id(tx.session, invitation_id)
            if invitation is None or invitation.meeting_id != meeting_id:
                raise Problem(404)
            send_again(tx, ours, invitation)
            note(tx, "mail.sent", by=current_actor().id or "", thing=invitation_id, meeting_id=meeting_id)
        return redirect(url_for(".person", meeting_id=meeting_id, invitation_id=invitation_id), 303)

    return pages


def _permitted(session: Session, asked: str, meeting_id: str) -> Meeting:
    """The facts of a meeting within reach. Raises ``Problem`` where it is out of reach or unknown."""
    thing = thing_of(session, meeting_id)
    permit(asked, thing or Thing())
    facts = meeting_facts(session, meeting_id)
    if facts is None:
        raise Problem(404, "meeting-unknown")
    return facts
