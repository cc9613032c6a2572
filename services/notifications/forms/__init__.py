"""What comes in and what goes out, for pages and API alike."""

from typing import Any

from marshmallow import Schema, fields, validate

from shared.events.contract import camel
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.api import PageQuery

STATUSES = {
    "waiting": N_("waits"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "failed": N_("failed"),
    "bounced": N_("came back"),
    "replaced": N_("replaced by a newer mail"),
}
"""How a mail can fare, and how people call it."""

KINDS = {
    "unconfirmed": N_("still to be confirmed"),
    "requested": N_("request"),
    "rejected": N_("rejected"),
    "invitation": N_("invitation"),
    "changed": N_("change"),
    "waitlisted": N_("waiting list"),
    "offered": N_("offered seat"),
    "declined": N_("offered seat not taken"),
    "expired": N_("offered seat not answered"),
    "cancelled": N_("signed off"),
    "called_off": N_("called off"),
    "repeated": N_("signed up again"),
    "accepted": N_("seat taken in the calendar"),
    "no_seat": N_("accepted, but no seat"),
    "again": N_("invitation sent again"),
    "counter": N_("another time proposed"),
    "delegated": N_("passed on in the calendar"),
    "too_late": N_("accepted too late"),
    "older_entry": N_("accepted an older entry"),
    "was_it_you": N_("question whose answer it was"),
    "sign_up_yourself": N_("invitation that was passed on"),
    "question": N_("question of a participant"),
    "group_invitation": N_("invitation of a target group"),
    "group_changed": N_("change, to people invited"),
    "withdrawn": N_("invitation withdrawn"),
    "brought_invitation": N_("invitation of an address that was brought"),
    "subscription": N_("confirmation of wanting invitations"),
    "transfer": N_("hand-over"),
    "message": N_("message of the organiser"),
    "reminder": N_("reminder"),
    "thanks": N_("thanks afterwards"),
    "series": N_("overview of a series"),
    "digest": N_("list of new meetings"),
    "attendee_list": N_("attendee list"),
    "spar_request": N_("request to talk something over"),
    "spar_proposal": N_("another moment for a talk"),
    "spar_declined": N_("no talk, or not at another moment"),
    "spar_agreed": N_("talk agreed on"),
    "spar_moved": N_("talk moved"),
    "spar_ended": N_("talk that does not take place"),
    "spar_words": N_("words about a talk"),
    "copy": N_("copy"),
    "own_calendar": N_("address of an own calendar made"),
    "sign_in": N_("link to sign in"),
    "network_sign_in": N_("link to sign in as a participant"),
    "my_data": N_("link to personal data"),
}
"""The kinds of mail, and how people call them."""


ANSWERS = {"accepted": N_("yes"), "tentative": N_("perhaps"), "declined": N_("no")}
"""What a calendar answered, and how people call it."""

OUTCOMES = {
    "acted": N_("did something"),
    "idle": N_("changed nothing"),
    "asked": N_("was it you?"),
    "question": N_("someone asks something"),
    "bounced": N_("mail came back"),
    "automatic": N_("answer of a program"),
    "refused": N_("not accepted"),
}
"""What became of a mail that came in, and how people call it."""

WHY = {
    "accepted": N_("the person comes"),
    "tentative": N_("the person may come"),
    "declined": N_("the person does not come"),
    "counter": N_("the person proposes another time"),
    "delegated": N_("the person sends someone else"),
    "refresh": N_("the calendar asks for the invitation"),
    "repeated": N_("this answer was known"),
    "older": N_("a newer answer or a newer time is known"),
    "not-current": N_("the invitation no longer counts"),
    "superseded": N_("the invitation is not the newest one of this person, so it was withdrawn"),
    "too-late": N_("the invitation had been withdrawn"),
    "someone-else": N_("the answer came from another address; the invited person is asked"),
    "recognised": N_("the invited person says that it is their address too"),
    "words": N_("passed on to the contact office"),
    "delivery-report": N_("a mail server reports about one of our mails"),
    "program": N_("an automatic answer or a mailing list"),
    "no-token": N_("not sent to an address of an invitation"),
    "unknown": N_("the invitation is not known"),
    "other-uid": N_("the answer is about another invitation"),
    "unreadable": N_("the calendar part cannot be read"),
    "other-method": N_("the calendar part is no answer"),
    "no-answer": N_("the answer says neither yes nor no"),
    "too-large": N_("the mail is too large"),
}
"""Why, in words."""


class AnswerForm(Schema):
    """What someone answers to an invitation with a button."""

    answer = fields.String(required=True, validate=validate.OneOf(list(ANSWERS)))


class Out(Schema):
    """Names in Python's way inside, camelCase outside."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """``queued_at`` goes out as ``queuedAt``."""
        field_obj.data_key = camel(field_name)


class InvitationOut(Out):
    """One invitation, as the organiser of its meeting sees it."""

    email = fields.String(required=True)
    uid = fields.String(required=True)
    sequence = fields.Integer(
        required=True, metadata={"description": N_("The SEQUENCE that the calendar was last told")}
    )
    state = fields.String(required=True, validate=validate.OneOf(["live", "cancelled", "dead"]))
    answer = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(["accepted", "tentative", "declined"])
    )
    delivery = fields.String(required=True, allow_none=True, validate=validate.OneOf(list(STATUSES)))
    registration_id = fields.String(required=True, allow_none=True)


class MessageOut(Out):
    """One mail, without what it says."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    recipient = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUSES)))
    attempts = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    meeting_id = fields.String(required=True, allow_none=True)
    queued_at = UtcDateTime(required=True)
    next_attempt_at = UtcDateTime(required=True)
    sent_at = UtcDateTime(required=True, allow_none=True)


class MessageQuery(PageQuery):
    """Which mails."""

    status = fields.String(load_default=None, validate=validate.OneOf(list(STATUSES)))


class ReceivedQuery(PageQuery):
    """Which of the mails that came in."""

    outcome = fields.String(load_default=None, validate=validate.OneOf(list(OUTCOMES)))
