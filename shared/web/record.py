"""Who looks at people's data is on record: a view says so, and its answer goes out once the audit log has it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, g, request

from shared.db.audit import note
from shared.db.transaction import Database
from shared.people.acts import ACTS
from shared.people.roles import Thing
from shared.web.access import View, current_actor, view_of_request


def on_record(act: str) -> Callable[[View], View]:
    """Declare that a view shows people to others; ``act`` is what the audit log calls a look at it.

    Not for what people see of themselves: that is never written down. Raises ``LookupError`` for an unknown act.
    """
    if act not in ACTS:
        raise LookupError(f"no act {act!r}: add it to shared.people.acts")

    def declare(view: View) -> View:
        view.kring_act = act  # type: ignore[attr-defined]  # a function carries what it declares
        return view

    return declare


def keep_record(app: Flask, database: Database) -> None:
    """Write an entry for each answer of such a view, in a transaction of its own: a GET changes nothing else."""

    @app.after_request
    def _record(response: Response) -> Response:
        act = getattr(view_of_request(), "kring_act", None)
        actor = current_actor()
        if (
            act is None
            or request.method != "GET"
            or response.status_code != HTTPStatus.OK
            or actor.role in {"anyone", "person"}
        ):
            return response
        about: Thing = g.get("thing", Thing())
        things = (about.registration_id, about.invitation_id, about.meeting_id)
        with database.begin() as tx:
            note(
                tx,
                act,
                by=actor.id or actor.role,
                thing=next((thing for thing in things if thing), ""),
                meeting_id=about.meeting_id,
                facts={"rule": request.url_rule.rule if request.url_rule else ""},
            )
        return response
