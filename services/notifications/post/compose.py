"""A queued mail and the newest facts → the bytes to send.

Links are signed here, at the last moment: no token stands in an event or in a table beside the mail itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.post.attendee_list import facts_of_list
from services.notifications.post.calendar_object import EntryWords, Invitation, calendar_object
from services.notifications.post.letters import Letter, Letters
from services.notifications.post.message import CalendarObject, Headers, message
from services.notifications.post.new_meetings import new_meetings
from services.notifications.post.practical import practical
from services.notifications.post.signing import Signer
from services.notifications.queries import (
    has_open_questions,
    meeting_facts,
    message_by_id,
    read_holding,
    registration_facts,
    told_around,
    written,
)
from services.notifications.rules.addresses import OurAddresses, mailbox
from services.notifications.rules.desired import Holding, announced, desired, in_language, news, office_of, without_link
from services.notifications.rules.guests import TIME_TO_CONFIRM
from services.notifications.rules.outcomes import ASKED_FOR
from services.notifications.rules.preferences import Topic
from services.notifications.rules.wording import paragraphs
from services.notifications.rules.words import words
from shared.calendar.scheduling import Organizer
from shared.events.catalog import Contact, Meeting, SeatPlan
from shared.events.registration import Registration
from shared.i18n import Language
from shared.i18n.moments import HOME_ZONE, moment_text
from shared.people.links import Links
from shared.people.placeholders import filled_in


@dataclass(frozen=True)
class Composed:
    """A mail ready to go: addresses of the envelope, subject, and source (RFC 5322)."""

    envelope_sender: str
    recipient: str
    subject: str
    source: bytes


_PATHS = {"sign_in": "sign-in", "my_data": "my-data", "transfer": "transfers", "attendee_list": "lists"}
"""Where the link leads that a kind of mail is about."""

_IN_ENTRY = ("withdraws", "meeting", "summary", "page", "office", "invites")
"""The facts that an entry's words are made of."""

_UNSUBSCRIBES_FROM: dict[str, Topic] = {
    "group_invitation": "invitations",
    "brought_invitation": "invitations",
    "digest": "digest",
}
"""The kinds of mail that somebody gets unasked, and what one click ends (rule 12)."""

_LEADS_TO_PREFERENCES = {*_UNSUBSCRIBES_FROM, "group_changed", "subscription"}


@dataclass(frozen=True)
class Composer:
    """Writes mails for one installation; ``from_name`` stands beside its one sender address."""

    base_url: str
    from_name: str
    ours: OurAddresses
    links: Links
    letters: Letters
    signer: Signer | None = None

    def compose(self, session: Session, mail: Row[Any]) -> Composed:
        """Write the mail of this row of ``outgoing_mail``. Raises ``ValueError`` or ``LookupError`` where it can't."""
        recipient = mailbox(mail.recipient)
        meeting, registration, invitation = told_around(session, mail.id)
        facts = self._facts(session, mail, meeting, registration)
        letter = self.letters.write(mail.kind, mail.language, facts)
        enclosed = self._enclosed(mail, invitation, meeting, facts) if invitation and meeting else None
        headers = Headers(
            sender=self.ours.sender(),
            sender_name=self.from_name,
            recipient=recipient,
            recipient_name=mail.recipient_name,
            reply_to=_reply_to(mail, invitation, meeting),
            message_id=mail.message_id,
            thread=self._thread(mail),
            correlation_id=mail.correlation_id,
            sent_at=mail.queued_at,
            unsubscribe_url=self._unsubscribe_url(mail),
        )
        source = message(headers, letter, enclosed)
        if self.signer:
            source = self.signer.signed(source)
        return Composed(self.ours.bounces(mail.token), recipient, letter.subject, source)

    def again(self, mail: Row[Any]) -> Composed:
        """The mail as it was written before: another attempt sends the same bytes."""
        return Composed(self.ours.bounces(mail.token), mailbox(mail.recipient), mail.subject, mail.source)

    def sample(self, session: Session, kind: str, meeting: Meeting, language: Language, ground: str) -> Letter:
        """How somebody who is not signed up reads a mail of this kind about a meeting: for organisers to look at."""
        holding = replace(announced(meeting, language), invites=True)
        mail = SimpleNamespace(
            kind=kind,
            recipient="",
            recipient_name="",
            language=language,
            method="REQUEST",
            partstat="NEEDS-ACTION",
            holding=written(holding),
            about={"ground": ground},
            registration_id=None,
            invitation_id="",
            queued_at=meeting.changed_at,
        )
        facts = self._facts(session, mail, meeting, None)
        return self.letters.write(
            kind, language, facts | {"preferences": f"{self.base_url}/notifications/preferences/…"}
        )

    def _thread(self, mail: Row[Any]) -> str | None:
        """What holds the mails about a registration together; a copy for somebody else tells nothing of its id."""
        return self.ours.message_id(mail.registration_id) if mail.registration_id and mail.kind != "copy" else None

    def _unsubscribe_url(self, mail: Row[Any]) -> str | None:
        topic = _UNSUBSCRIBES_FROM.get(mail.kind)
        if topic is None:
            return None
        token = self.links.sign("unsubscribe", f"{topic}/{self.ours.fingerprint(mail.recipient)}")
        return f"{self.base_url}/notifications/v1/unsubscribe/{token}"

    def _preferences_url(self, mail: Row[Any]) -> str:
        token = self.links.sign("preferences", self.ours.fingerprint(mail.recipient))
        return f"{self.base_url}/notifications/preferences/{token}"

    def _confirming_url(self, mail: Row[Any], version: int) -> str:
        whose, until = self.ours.fingerprint(mail.recipient), mail.queued_at + TIME_TO_CONFIRM
        return f"{self.base_url}/notifications/subscriptions/{self.links.sign('subscription', whose, version, until)}"

    def _facts(
        self, session: Session, mail: Any, meeting: Meeting | None, registration: Registration | None
    ) -> dict[str, Any]:
        """What the templates may say."""
        facts: dict[str, Any] = {
            "name": mail.recipient_name,
            "organiser": self.from_name,
            "office": office_of(meeting) if meeting else Contact(),
            "withdraws": mail.method == "CANCEL",
            "accepted": mail.partstat == "ACCEPTED",
            "cause": mail.about.get("cause"),
            "decision": mail.about.get("reason", ""),
            "whys": mail.about.get("whys", ()),
            "by": mail.about.get("by", ""),
            "in_series": mail.about.get("in_series", False),
            "person": mail.about.get("person", ""),
            "reason_code": mail.about.get("reason", ""),
            "sender": mail.about.get("from", ""),
            "asked": mail.about.get("subject", ""),
            "words": paragraphs(mail.about.get("words", "")),
            "ground": mail.about.get("ground", ""),
            "mine": "",
            "is_guest": mail.registration_id is None,
        }
        if mail.kind in _LEADS_TO_PREFERENCES:
            facts["preferences"] = self._preferences_url(mail)
        if version := mail.about.get("subscription"):
            facts["link"] = self._confirming_url(mail, version)
        if meeting:
            facts |= self._facts_of_meeting(mail, meeting, registration)
        if meeting and registration:
            facts |= self._facts_of_registration(mail, meeting, registration)
            facts["has_questions"] = has_open_questions(session, meeting, registration)
        if mail.method == "REQUEST":
            token = self.links.sign("answer", mail.invitation_id)
            facts["answer"] = f"{self.base_url}/notifications/answer/{token}"
        if answer_id := mail.about.get("answer"):
            token = self.links.sign("whose-answer", answer_id, valid_until=mail.queued_at + ASKED_FOR)
            facts["link"] = f"{self.base_url}/notifications/whose-answer/{token}"
        facts |= self._facts_of_lists(session, mail, meeting)
        if link := mail.about.get("link"):
            facts |= self._facts_of_link(mail, link, meeting)
        if message_id := mail.about.get("message"):
            facts |= _facts_of_message(session, message_id, mail.recipient_name, facts["meeting"].title)
        return facts

    def _facts_of_lists(self, session: Session, mail: Any, meeting: Meeting | None) -> dict[str, Any]:
        """An attendee list, the meetings of a series that somebody signed up for, or those that are new."""
        about = mail.about
        if meeting and "list" in about:
            list_of = facts_of_list(self.base_url, meeting, about["list"], mail.language)
            return {**list_of, "as_file": "link" in about}
        if "registrations" in about:
            entries = self._entries(session, about["registrations"], mail.language)
            return {"series": about["series"], "entries": entries}
        return {"meetings": new_meetings(session, about["meetings"], mail.language)} if "meetings" in about else {}

    def _facts_of_meeting(self, mail: Row[Any], meeting: Meeting, registration: Registration | None) -> dict[str, Any]:
        language: Language = mail.language
        now = words(_shown(mail, meeting, registration), language)
        before = words(read_holding(mail.about["before"]), language) if mail.about.get("before") else None
        return {
            "organiser": meeting.organiser.name or self.from_name,
            "meeting": now,
            "before": before,
            "own_choice": before is not None and replace(before, choices=now.choices) == now,
            "comes_over": bool(before and before.online_url and not now.online_url)
            and meeting.attendance_mode == "mixed",
            "page": meeting.url,
            "sign_up": f"{self.base_url}/registration/meetings/{meeting.slug}",
            "invites": _shown(mail, meeting, registration).invites,
            "summary": in_language(meeting.summary, language),
            "reason": meeting.cancelled_reason,
            "promotion": meeting.seat_plan.promotion,
            "reserved": _keeps_seats(meeting.seat_plan, mail.queued_at),
            **practical(meeting, language, mail.queued_at),
        }

    def _facts_of_registration(self, mail: Row[Any], meeting: Meeting, registration: Registration) -> dict[str, Any]:
        return {
            "registration": registration,
            "role": _role(meeting, registration.target_group, mail.language),
            "mine": self._mine(registration),
        }

    def _entries(self, session: Session, registration_ids: Sequence[str], language: Language) -> list[dict[str, Any]]:
        """Each of these registrations as it stands now, with its meeting and its own link; without those erased."""
        entries = []
        for registration_id in registration_ids:
            registration = registration_facts(session, registration_id)
            meeting = meeting_facts(session, registration.meeting_id) if registration else None
            if registration and meeting:
                entries.append(
                    {
                        "meeting": words(desired(meeting, registration) or announced(meeting, language), language),
                        "registration": registration,
                        "news": news(meeting, registration),
                        "mine": self._mine(registration),
                    }
                )
        return entries

    def _mine(self, registration: Registration) -> str:
        token = self.links.sign("mine", registration.id, registration.link_version)
        return f"{self.base_url}/registration/mine/{token}"

    def _facts_of_link(self, mail: Row[Any], subject: str, meeting: Meeting | None) -> dict[str, Any]:
        """The link that was asked for. Its purpose is the kind of the mail."""
        valid_until = datetime.fromisoformat(mail.about["validUntil"])
        version = mail.about.get("version", 0)
        token = self.links.sign(mail.kind.replace("_", "-"), subject, version, valid_until=valid_until)
        return {
            "link": f"{self.base_url}/registration/{_PATHS[mail.kind]}/{token}",
            "valid_until": moment_text(valid_until, mail.language, meeting.time_zone if meeting else HOME_ZONE),
        }

    def _enclosed(
        self, mail: Row[Any], invitation: Row[Any], meeting: Meeting, facts: dict[str, Any]
    ) -> CalendarObject:
        """The calendar object that goes along, in the reader's language."""
        to_one = Invitation(
            uid=invitation.uid,
            sequence=mail.sequence,
            method=mail.method,
            partstat=mail.partstat,
            organizer=Organizer(invitation.organizer, facts["organiser"]),
            attendee_address=mailbox(mail.recipient),
            attendee_name=mail.recipient_name or mail.recipient,
            stamped_at=mail.queued_at,
        )
        said = _entry_words(self.letters, mail.language, tuple((name, facts[name]) for name in _IN_ENTRY))
        return calendar_object(to_one, read_holding(mail.holding), meeting, said)


@lru_cache(maxsize=256)
def _entry_words(letters: Letters, language: Language, facts: tuple[tuple[str, Any], ...]) -> EntryWords:
    """What the entry says: the same for all who hold the same, for nothing personal stands in it."""
    summary, description, link = (
        letters.render(f"entry/{part}.txt", language, dict(facts)).strip()
        for part in ("summary", "description", "link")
    )
    return EntryWords(summary=summary, description=description, link=link)


def _reply_to(mail: Row[Any], invitation: Row[Any] | None, meeting: Meeting | None) -> str | None:
    """Where an answer goes: to the invitation; of what somebody wrote, to them; else to whom one can ask."""
    if invitation:
        return str(invitation.organizer)
    return mail.about.get("from") or (office_of(meeting).email if meeting else None) or None


def _shown(mail: Row[Any], meeting: Meeting, registration: Registration | None) -> Holding:
    """What this mail shows of the meeting: what the calendar holds; what goes with a seat, only while there is one."""
    if mail.holding is None:
        held = desired(meeting, registration) if registration and mail.kind == "reminder" else None
        return held or announced(meeting, mail.language)
    holding = read_holding(mail.holding)
    return holding if mail.method != "CANCEL" else replace(without_link(holding), choices=())


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
