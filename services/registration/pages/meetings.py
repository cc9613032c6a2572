"""The meeting that a page is about."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.meetings import meeting_by, meeting_called, thing_of
from services.registration.queries.references import references
from services.registration.queries.registrations import registration_by, thing_of_registration
from shared.i18n import in_words
from shared.people.roles import may
from shared.web.access import current_actor, permit
from shared.web.problems import Problem


def meeting_or_404(session: Session, slug: str) -> Row[Any]:
    """The meeting with this slug. Raises ``Problem`` 404."""
    row = meeting_called(session, slug)
    if row is None or row.status == "draft":
        raise Problem(404)
    return row


def organisers_meeting(session: Session, slug: str, verb: str) -> Row[Any]:
    """The meeting, for someone who may do ``verb`` there. Raises ``Problem`` 404 or 403."""
    row = meeting_or_404(session, slug)
    permit(verb, thing_of(row))
    return row


def own_registration(session: Session, registration_id: str, verb: str) -> tuple[Row[Any], Row[Any]]:
    """A registration and its meeting, for someone who may do ``verb`` to it. Raises ``Problem`` 404 or 403."""
    row = registration_by(session, registration_id)
    permit(verb, thing_of_registration(session, row))
    meeting = meeting_by(session, row.meeting_id) if row else None
    if row is None or meeting is None:
        raise Problem(404)
    return row, meeting


def roles_open(session: Session, meeting: Row[Any]) -> list[tuple[str, str]]:
    """The roles that may take part: the meeting's own, or all where it is for everyone or takes others too."""
    all_groups: list[tuple[str, str]] = [
        (row.code, in_words(row.labels)) for row in references(session, "target-group")
    ]
    own: list[tuple[str, str]] = [(group["code"], in_words(group["labels"])) for group in meeting.target_groups]
    return all_groups if not own or meeting.terms["otherRoles"] else own


def desk_of(meeting: Row[Any]) -> dict[str, Any]:
    """What every page of one meeting at the desk shows; ``may_act``: whether the reader may do more than read."""
    may_act = may(current_actor(), "registration.decide", thing_of(meeting))
    return {"meeting": meeting, "title": in_words(meeting.title), "may_act": may_act}
