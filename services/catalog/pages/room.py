"""What there is for who signs up, in words; and the same for the script that keeps an open page up to date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.rules.meeting import Meeting, in_language
from services.catalog.rules.reach import may_see
from services.catalog.rules.room import Room, room
from shared.db.transaction import Database
from shared.i18n import N_, _, current_translator, ngettext
from shared.i18n.moments import moment_text
from shared.web.access import current_actor, verb

_MOST_MEETINGS = 50
_SAID: Mapping[str, str] = {
    "online": N_("The venue is full; online there is room"),
    "full": N_("Full"),
    "closed": N_("Signing up is closed"),
}


def room_pages(database: Database) -> Blueprint:
    """``/seats?meeting=…&targetGroup=…``: the words by id, as the pages say them; unknown meetings are left out."""
    pages = Blueprint("room", __name__)

    @pages.get("/seats")
    @verb("page.read")
    def seats() -> Response:
        wanted = request.args.getlist("meeting")[:_MOST_MEETINGS]
        with database.reading() as session:
            known = queries.meetings_by_id(session, wanted).values()
            found = [meeting for meeting in known if may_see(current_actor(), meeting)]
            rooms = rooms_of(session, found, request.args.getlist("targetGroup"), database.clock())
            roles = role_words(session)
        said = jsonify({each.id: room_text(each, rooms[each.id], roles) for each in found if rooms[each.id]})
        said.add_etag()
        said.vary.update(("Accept-Language", "Cookie"))
        return said

    return pages


def role_words(session: Session) -> dict[str, str]:
    """What the roles are called in the reader's language, by code."""
    language = current_translator().language
    return {word.code: in_language(word.labels, language) for word in queries.references(session, "target-group")}


def rooms_of(
    session: Session, meetings: Sequence[Meeting], roles: Sequence[str], now: datetime
) -> Mapping[str, Room | None]:
    """What there is at ``now`` (aware) at each of the meetings, for one of ``roles`` (codes; none: for anyone)."""
    shown: Mapping[str, Mapping[str, Any]] = queries.shown_seats(session, [meeting.id for meeting in meetings])
    return {meeting.id: room(meeting, shown.get(meeting.id), roles, now) for meeting in meetings}


def room_text(meeting: Meeting, found: Room | None, roles: Mapping[str, str]) -> str:
    """What there is, in the reader's language; empty where there is nothing to say. ``roles``: their words by code."""
    if found is None:
        return ""
    match found.state:
        case "seats":
            text = _seats_text(found, roles)
        case "waiting-list":
            text = _waiting_text(found.waiting)
        case "not-yet":
            opens_at = meeting.registration.opens_at
            assert opens_at is not None, "it would be open"
            moment = moment_text(opens_at, current_translator().language, zone=meeting.time_zone)
            text = _("Signing up opens on %(moment)s", moment=moment)
        case state:
            text = _(_SAID[state])
    return text


def _seats_text(found: Room, roles: Mapping[str, str]) -> str:
    if found.only:
        named = ", ".join(roles.get(code, code) for code in found.only)
        if found.at_most:
            return _("At most %(num)s seats left, only for: %(who)s", num=found.free, who=named)
        return ngettext(
            "%(num)s seat left, only for: %(who)s", "%(num)s seats left, only for: %(who)s", found.free, who=named
        )
    if found.for_role:
        return ngettext("%(num)s seat left for this role", "%(num)s seats left for this role", found.free)
    if found.at_most:
        return _("At most %(num)s seats left: it depends on your role", num=found.free)
    return ngettext("%(num)s seat left", "%(num)s seats left", found.free)


def _waiting_text(waiting: int) -> str:
    if not waiting:
        return _("Full: you can join the waiting list")
    return ngettext(
        "Full: %(num)s person is on the waiting list", "Full: %(num)s people are on the waiting list", waiting
    )
