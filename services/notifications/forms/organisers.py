"""What an organiser asks about one meeting: whether they may, and why not."""

from sqlalchemy.orm import Session

from services.notifications.forms.problem_types import SIGN_UP_CLOSED
from services.notifications.queries import meeting_facts, thing_of
from shared.events.catalog import Meeting
from shared.i18n import gettext as _
from shared.people.roles import Thing
from shared.web.access import permit
from shared.web.problems import Problem


def organisers_meeting(session: Session, meeting_id: str, name: str) -> Meeting:
    """The meeting, if the current actor may do this to it. Raises ``Problem`` 401, 403 or 404."""
    permit(name, thing_of(session, meeting_id) or Thing())
    meeting = meeting_facts(session, meeting_id)
    if meeting is None:
        raise Problem(404, "meeting-unknown")
    return meeting


def not_open() -> Problem:
    """Nobody can be invited to what nobody can sign up for."""
    return Problem(SIGN_UP_CLOSED.status, SIGN_UP_CLOSED.name, detail=_(SIGN_UP_CLOSED.why))
