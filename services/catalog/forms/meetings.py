"""A meeting as an organiser gives it, and as it is shown."""

from typing import Any, Final

from marshmallow import fields, validate

from services.catalog.forms.fields import (
    A_YEAR_OF_HOURS,
    MOST_OF_A_KIND,
    Line,
    Moment,
    Number,
    Texts,
    codes,
    count,
    email,
    lines,
    link,
    texts,
)
from services.catalog.rules.meeting import STATUSES, Meeting
from services.catalog.rules.reach import may_change
from shared.events.catalog import Question, RegistrationTerms
from shared.events.contract import schema_of
from shared.i18n import N_
from shared.people.roles import Actor
from shared.web.api import PageQuery
from shared.web.fields import Form

ORGANISERS_ONLY: Final = ("onlineUrl", "listDeliveries", "surveyUrl")
"""What the public never sees of a meeting."""

LONGEST_REASON: Final = 1_000
"""How many characters may say why a meeting is changed or called off."""

_QUESTION = 500


class ContactForm(Form):
    """An office or a person that answers questions."""

    name = Line()
    email = email()
    phone = Line()


class VenueForm(Form):
    """Where people meet."""

    name = Line()
    address = Line()
    postal_code = Line(20)
    city = Line()


class SessionForm(Form):
    """A part of the programme."""

    id = Line(36)
    title = lines(required=True)
    starts_at = Moment()
    ends_at = Moment()
    speaker = Line()
    room = Line()
    capacity = count()


class SeatPlanForm(Form):
    """How many seats there are and for whom."""

    capacity = count(required=True)
    online_capacity = count()
    reserved = fields.Dict(keys=Line(), values=count())
    maximum = fields.Dict(keys=Line(), values=count())
    release_at = Moment()
    waiting_list = fields.Boolean()
    promotion = fields.String(validate=validate.OneOf(("automatic", "offer", "manual")))
    offer_hours = count(A_YEAR_OF_HOURS)
    cutoff_hours = count(A_YEAR_OF_HOURS)


class QuestionForm(Form):
    """A question to those who sign up. Without ``id`` it is a new one; its answers are kept by that id."""

    id = Line(36, also=(validate.Regexp(r"^[A-Za-z0-9-]+$"),))
    label = Texts(Line(_QUESTION), required=True)
    kind = fields.String(validate=validate.OneOf(("text", "choice", "several", "yes-no")))
    options = fields.List(lines(required=True), validate=validate.Length(max=30))
    target_groups = codes()
    required = fields.Boolean()


class _Question(fields.Nested):
    """A question; a text alone is one that can be answered in one's own words or left open."""

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> Any:
        """Read the text as the question's label."""
        return super()._deserialize({"label": {"nl": value}} if isinstance(value, str) else value, *rest, **options)


class RegistrationForm(Form):
    """How one signs up."""

    opens_at = Moment()
    closes_at = Moment()
    cancel_free_until_hours = count(A_YEAR_OF_HOURS)
    approval = fields.Boolean()
    confirm_first = fields.Boolean()
    other_roles = fields.Boolean()
    ask_access = fields.Boolean()
    ask_diet = fields.Boolean()
    ask_phone = fields.Boolean()
    transfer_anyone = fields.Boolean()
    questions = fields.List(
        _Question(QuestionForm),
        validate=validate.Length(max=20),
        metadata={"description": N_("A text in place of a question is one that can be answered in one's own words.")},
    )


class ListDeliveryForm(Form):
    """Who gets the attendee list, and when."""

    hours_before = Number(required=True, validate=validate.Range(min=-A_YEAR_OF_HOURS, max=A_YEAR_OF_HOURS))
    email = Line(required=True, also=(validate.Email(),))
    name = Line()
    target_group = Line()
    as_file = fields.Boolean()
    purpose = fields.String(
        validate=validate.OneOf(("full", "door", "catering", "reception", "participants", "report")),
        metadata={"description": N_("What the list is for; what stands on it follows from that.")},
    )


class DocumentForm(Form):
    """Something to read of a meeting, where it stands on the web."""

    title = lines(required=True)
    url = link(required=True)


class MeetingForm(Form):
    """A meeting as an organiser gives it: title, start and end are enough for a draft."""

    title = lines(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    time_zone = Line()
    summary = texts()
    description = texts()
    region = Line(metadata={"description": N_("The only one of regions.")})
    regions = codes()
    target_groups = codes()
    themes = codes()
    series = Line(100)
    organiser = fields.Nested(ContactForm)
    contact = fields.Nested(ContactForm)
    controller = Line()
    format = Line()
    visibility = fields.String(validate=validate.OneOf(("public", "unlisted", "invited")))
    publish_at = Moment(metadata={"description": N_("Of a draft: when it is published by itself.")})
    doors_open_at = Moment()
    attendance_mode = fields.String(validate=validate.OneOf(("offline", "online", "mixed")))
    venue = fields.Nested(VenueForm)
    online_url = link()
    travel_info = texts()
    accessibility_info = texts()
    cost_note = texts()
    sessions = fields.List(fields.Nested(SessionForm), validate=validate.Length(max=MOST_OF_A_KIND))
    seat_plan = fields.Nested(SeatPlanForm)
    registration = fields.Nested(RegistrationForm)
    reminders = fields.List(
        count(A_YEAR_OF_HOURS),
        validate=validate.Length(max=20),
        metadata={
            "description": N_(
                "Hours before the start. None: a week before, and one working day before at 9.00 in Amsterdam;"
                " 0 alone: no reminders."
            )
        },
    )
    list_deliveries = fields.List(fields.Nested(ListDeliveryForm), validate=validate.Length(max=MOST_OF_A_KIND))
    survey_url = link()
    documents = fields.List(fields.Nested(DocumentForm), validate=validate.Length(max=50))
    retention_days = count(3650)


class MeetingPatch(MeetingForm):
    """A merge patch (RFC 7396) on a meeting: what is to change; null takes away."""

    reason = Line(LONGEST_REASON, metadata={"description": N_("Told to the people whose calendar follows the change.")})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": True, **options})


class MeetingQuery(PageQuery):
    """How a list of meetings is asked for; a filter may be given more than once."""

    region = fields.List(fields.String())
    targetGroup = fields.List(fields.String())  # noqa: N815  # the name in the address
    theme = fields.List(fields.String())
    series = fields.List(fields.String())
    organisation = fields.List(fields.String(), metadata={"description": N_("Its TOOI address.")})
    from_ = fields.List(
        fields.String(), data_key="from", metadata={"description": N_("A day (2027-06-12) or an instant.")}
    )
    until = fields.List(fields.String(), metadata={"description": N_("A day, to its end, or an instant.")})
    q = fields.List(fields.String(), metadata={"description": N_("Words that must all occur.")})
    status = fields.List(fields.String(validate=validate.OneOf(STATUSES)))
    lang = fields.String()


class CancellationForm(Form):
    """Why a meeting is called off; may be left out."""

    reason = Line(LONGEST_REASON, load_default="")


class ChangeForm(Form):
    """Why a meeting is changed, on the page that asks first; may be left out."""

    change_reason = Line(LONGEST_REASON, load_default="")


class _Terms(schema_of(RegistrationTerms)):  # type: ignore[misc]  # made of the dataclass when this is read
    """How one signs up: here the questions are whole, where an event has their words beside them."""

    questions = fields.List(fields.Nested(schema_of(Question)), attribute="questionnaire")

    class Meta:
        """It stands under ``questions``."""

        exclude = ("questionnaire",)


class MeetingAnswer(schema_of(Meeting)):  # type: ignore[misc]  # made of the dataclass when this is read
    """A meeting, with the members that programs hold on to."""

    registration = fields.Nested(_Terms)
    region = fields.Function(lambda meeting: next(iter(meeting.regions), None), metadata={"type": "string"})

    class Meta:
        """Inner counters stay inside."""

        exclude = ("version", "sequence")


def answer_for(actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """``meeting`` as JSON-ready values; what only organisers may know, such as its online link, only for them."""
    answer: dict[str, Any] = MeetingAnswer().dump(meeting)
    if may_change(actor, meeting):
        return answer
    return {name: value for name, value in answer.items() if name not in ORGANISERS_ONLY}
