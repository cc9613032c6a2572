"""What the templates of a mail may say: what the queue says beside the newest facts.

All of it is hashable, for those who share it share the words; what is one reader's alone is in ``personal``.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.post.attendee_list import facts_of_list
from services.notifications.post.blanks import blank
from services.notifications.post.joined_meetings import joined_meetings
from services.notifications.post.new_meetings import new_meetings
from services.notifications.post.practical import practical
from services.notifications.post.sparring import facts_of_sparring
from services.notifications.post.urls import Urls
from services.notifications.queries import meeting_facts
from services.notifications.queries.facts import read_holding
from services.notifications.queries.invitations import has_open_questions
from services.notifications.queries.mails import message_by_id
from services.notifications.rules.desired import Holding, announced, desired, in_language, office_of, without_link
from services.notifications.rules.wording import paragraphs
from services.notifications.rules.words import words
from shared.events.catalog import Contact, Meeting, SeatPlan
from shared.events.registration import Registration
from shared.i18n import Language
from shared.i18n.moments import HOME_ZONE, moment_text
from shared.people.placeholders import filled_in


@dataclass(frozen=True)
class Standing:
    """What a mail may say of how a registration stands."""

    status: str
    place: int | None = None
    place_in_group: int | None = None
    waits_for: str | None = None
    passed_on: bool = False
    handed_over: bool = False


@dataclass(frozen=True)
class Facts:
    """Gathers them for one installation; ``from_name`` stands for the organiser where a mail is about no meeting."""

    from_name: str
    urls: Urls

    def of(
        self, session: Session, mail: Any, meeting: Meeting | None, registration: Registration | None
    ) -> dict[str, Any]:
        """What the templates may say in this mail."""
        facts: dict[str, Any] = {
            "organiser": self.from_name,
            "office": office_of(meeting) if meeting else Contact(),
            "withdraws": mail.method == "CANCEL",
            "accepted": mail.partstat == "ACCEPTED",
            "cause": mail.about.get("cause"),
            "decision": mail.about.get("reason", ""),
            "whys": tuple(mail.about.get("whys", ())),
            "by": mail.about.get("by", ""),
            "in_series": mail.about.get("in_series", False),
            "person": mail.about.get("person", ""),
            "reason_code": mail.about.get("reason", ""),
            "sender": mail.about.get("from", ""),
            "asked": mail.about.get("subject", ""),
            "words": paragraphs(mail.about.get("words", "")),
            "ground": mail.about.get("ground", ""),
            "is_guest": mail.registration_id is None,
        }
        if meeting:
            facts |= self._facts_of_meeting(mail, meeting, registration)
        if meeting and registration:
            facts["registration"] = _standing(registration)
            facts["role"] = _role(meeting, registration.target_group, mail.language)
            facts["has_questions"] = has_open_questions(session, meeting, registration)
        facts |= facts_of_sparring(session, mail)
        facts |= _facts_of_next(session, mail)
        facts |= self._facts_of_lists(session, mail, meeting)
        if valid_until := mail.about.get("validUntil"):
            zone = meeting.time_zone if meeting else HOME_ZONE
            facts["valid_until"] = moment_text(datetime.fromisoformat(valid_until), mail.language, zone)
        if message_id := mail.about.get("message"):
            name = mail.recipient_name and blank("name")
            facts |= _facts_of_message(session, message_id, name, facts["meeting"].title)
        return facts

    def _facts_of_lists(self, session: Session, mail: Any, meeting: Meeting | None) -> dict[str, Any]:
        """An attendee list, the meetings of a series that somebody signed up for, or those that are new."""
        about = mail.about
        if meeting and "list" in about:
            list_of = facts_of_list(self.urls.base_url, meeting, about["list"], mail.language)
            return {**list_of, "as_file": "link" in about}
        if "registrations" in about:
            entries = joined_meetings(session, self.urls, about["registrations"], mail.language)
            return {"series": about["series"], "entries": entries}
        return {"meetings": new_meetings(session, about["meetings"], mail.language)} if "meetings" in about else {}

    def _facts_of_meeting(self, mail: Row[Any], meeting: Meeting, registration: Registration | None) -> dict[str, Any]:
        language: Language = mail.language
        shown = _shown(mail, meeting, registration)
        past = read_holding(mail.about["before"]) if mail.about.get("before") else None
        now, before = words(shown, language), words(past, language) if past else None
        return {
            "organiser": meeting.organiser.name or self.from_name,
            "meeting": now,
            "before": before,
            "chooses_anew": past is not None and past.choices != shown.choices,
            "own_choice": before is not None and replace(before, choices=now.choices) == now,
            "comes_over": bool(before and before.online_url and not now.online_url)
            and meeting.attendance_mode == "mixed",
            "page": meeting.url,
            "sign_up": self.urls.sign_up(meeting.slug),
            "invites": shown.invites,
            "summary": in_language(meeting.summary, language),
            "reason": meeting.cancelled_reason,
            "promotion": meeting.seat_plan.promotion,
            "reserved": _keeps_seats(meeting.seat_plan, mail.queued_at),
            **practical(meeting, language, mail.queued_at),
        }


def _shown(mail: Row[Any], meeting: Meeting, registration: Registration | None) -> Holding:
    """What this mail shows of the meeting: what the calendar holds; what goes with a seat, only while there is one."""
    if mail.holding is None:
        held = desired(meeting, registration) if registration and mail.kind == "reminder" else None
        return held or announced(meeting, mail.language)
    holding = read_holding(mail.holding)
    return holding if mail.method != "CANCEL" else replace(without_link(holding), choices=())


def _standing(registration: Registration) -> Standing:
    return Standing(
        status=registration.status,
        place=registration.place,
        place_in_group=registration.place_in_group,
        waits_for=registration.waits_for,
        passed_on=registration.passed_on,
        handed_over=registration.handed_over,
    )


def _facts_of_next(session: Session, mail: Any) -> dict[str, Any]:
    """The meeting after this one, unless it was called off since."""
    following = meeting_facts(session, mail.about["next"]) if "next" in mail.about else None
    if following is None or following.status != "published":
        return {"next": None, "next_slug": ""}
    return {"next": words(announced(following, mail.language), mail.language), "next_slug": following.slug}


def _keeps_seats(plan: SeatPlan, now: datetime) -> bool:
    """Whether seats are kept for a role, so that someone with a later number may go first."""
    return any(plan.reserved.values()) and (plan.release_at is None or now < plan.release_at)


def _role(meeting: Meeting, code: str, language: Language) -> str:
    labels = {group.code: group.labels for group in meeting.target_groups}
    return in_language(labels.get(code, {}), language) or code


def _facts_of_message(session: Session, message_id: str, name: str, meeting: str) -> dict[str, Any]:
    """What an organiser wrote, with what was left open in it filled in for this reader."""
    row = message_by_id(session, message_id)
    return {
        "subject": filled_in(row.subject, name=name, meeting=meeting),
        "paragraphs": paragraphs(filled_in(row.text, name=name, meeting=meeting)),
        "urgent": row.urgent,
    }
