"""Which meeting a request is about, and whether the caller may do this with it."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import shown
from services.registration.queries.meetings import meeting_by, thing_of
from services.registration.queries.references import known_groups
from services.registration.queries.registrations import registration_by, sessions_of
from services.registration.queries.waiting import place_of
from services.registration.rules.decision import Refused, Wait
from shared.i18n import gettext as _
from shared.people.roles import Thing
from shared.web.access import permit
from shared.web.problems import Invalid, Problem, invalid_input


def meeting_unknown() -> Problem:
    """The problem 404 of a meeting that may just have been published: trying again helps."""
    return conflict(Refused("meeting-unknown"))


def meeting_or_problem(session: Session, meeting_id: str) -> Row[Any]:
    """The meeting with this id. Raises ``Problem`` 404; it may just have been published, so trying again helps."""
    row = meeting_by(session, meeting_id)
    if row is None or row.status == "draft":
        raise meeting_unknown()
    return row


def organisers_meeting(session: Session, meeting_id: str, verb: str) -> Row[Any]:
    """The meeting, for someone who may do ``verb`` there. Raises ``Problem`` 404 or 403."""
    row = meeting_or_problem(session, meeting_id)
    permit(verb, thing_of(row))
    return row


def own_registration(session: Session, registration_id: str, verb: str) -> Row[Any]:
    """The registration, for someone who may do ``verb`` to it. Raises ``Problem`` 404 or 403."""
    row = registration_by(session, registration_id)
    if row is None:
        permit(verb, Thing())
        raise Problem(404)
    meeting = meeting_by(session, row.meeting_id)
    regions = tuple(meeting.regions) if meeting else ()
    permit(verb, Thing(regions=regions, meeting_id=row.meeting_id, registration_id=row.id))
    return row


def registration_now(session: Session, registration_id: str) -> dict[str, Any]:
    """A registration as it is now, for ``RegistrationOut``. Raises ``Problem`` 404."""
    row = registration_by(session, registration_id)
    if row is None:
        raise Problem(404)
    place = place_of(session, row._asdict())
    return shown(row, Wait(*place) if place else None, sessions_of(session, row.id))


def known_codes(session: Session, meeting: Row[Any], codes: list[str]) -> list[str]:
    """The codes of target groups in a filter. Raises ``Problem`` 400 for one that nobody knows."""
    known = known_groups(session) | {group["code"] for group in meeting.target_groups}
    unknown = [Invalid("targetGroup", _(UNKNOWN_GROUP), "unknown") for code in codes if code not in known]
    if unknown:
        raise invalid_input(unknown)
    return codes
