"""A queued mail and the newest facts → the bytes to send.

Links are signed here, at the last moment: no token stands in an event or in a table beside the mail itself.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.post.calendar_object import EntryWords, Invitation, calendar_object
from services.notifications.post.facts import Facts
from services.notifications.post.letters import Letter, Letters
from services.notifications.post.message import CalendarObject, Headers, message
from services.notifications.post.personal import personal_texts
from services.notifications.post.signing import Signer
from services.notifications.post.urls import Urls
from services.notifications.queries.facts import read_holding, written
from services.notifications.queries.mails import told_in
from services.notifications.rules.addresses import OurAddresses, mailbox
from services.notifications.rules.desired import announced, office_of
from shared.calendar.scheduling import Organizer
from shared.events.catalog import Meeting
from shared.i18n import Language


@dataclass(frozen=True)
class Composed:
    """A mail ready to go: addresses of the envelope, subject, and source (RFC 5322)."""

    envelope_sender: str
    recipient: str
    subject: str
    source: bytes


_IN_ENTRY = ("withdraws", "meeting", "summary", "page", "office", "invites", "partner")
"""The facts that an entry's words are made of."""


@dataclass(frozen=True)
class Composer:
    """Writes mails for one installation; ``from_name`` stands beside its one sender address."""

    from_name: str
    ours: OurAddresses
    urls: Urls
    letters: Letters
    signer: Signer | None = None

    @property
    def facts(self) -> Facts:
        """What the templates may say."""
        return Facts(self.from_name, self.urls)

    def compose(self, session: Session, mail: Row[Any]) -> Composed:
        """Write the mail, a row of ``mails_with_what_they_are_about``.

        Raises ``ValueError`` or ``LookupError`` where it can't.
        """
        recipient = mailbox(mail.recipient)
        meeting, registration = told_in(mail)
        facts = self.facts.of(session, mail, meeting, registration)
        letter = self.letters.write(mail.kind, mail.language, facts, personal_texts(self.urls, mail, registration))
        enclosed = self._enclosed(mail, meeting, facts) if mail.invitation_id and meeting else None
        headers = Headers(
            sender=self.ours.sender(),
            sender_name=self.from_name,
            recipient=recipient,
            recipient_name=mail.recipient_name,
            reply_to=_reply_to(mail, meeting),
            message_id=mail.message_id,
            thread=self._thread(mail),
            correlation_id=mail.correlation_id,
            sent_at=mail.queued_at,
            unsubscribe_url=self.urls.unsubscribe(mail.kind, mail.recipient),
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
            sparring_facts=None,
            invitation_id="",
            queued_at=meeting.changed_at,
        )
        facts = self.facts.of(session, mail, meeting, None)
        anyone = {"preferences": f"{self.urls.base_url}/notifications/preferences/…"}
        return self.letters.write(kind, language, facts, personal_texts(self.urls, mail, None) | anyone)

    def _thread(self, mail: Row[Any]) -> str | None:
        """What holds the mails about a registration together; a copy for somebody else tells nothing of its id."""
        is_about_it = mail.registration_id and mail.kind not in {"copy", "digest"}
        return self.ours.message_id(mail.registration_id) if is_about_it else None

    def _enclosed(self, mail: Row[Any], meeting: Meeting, facts: dict[str, Any]) -> CalendarObject:
        """The calendar object that goes along, in the reader's language."""
        to_one = Invitation(
            uid=mail.uid,
            sequence=mail.sequence,
            method=mail.method,
            partstat=mail.partstat,
            organizer=Organizer(mail.organizer, facts["organiser"]),
            attendee_address=mailbox(mail.recipient),
            attendee_name=mail.recipient_name or mail.recipient,
            stamped_at=mail.queued_at,
        )
        said = _entry_words(self.letters, mail.language, tuple((name, facts[name]) for name in _IN_ENTRY))
        return calendar_object(to_one, read_holding(mail.holding), meeting, said)


@lru_cache(maxsize=256)
def _entry_words(letters: Letters, language: Language, facts: tuple[tuple[str, Any], ...]) -> EntryWords:
    """What the entry says: the same for all who hold the same, for nothing personal stands in it."""
    facts_of = dict(facts)
    summary, description, link = (
        letters.render(f"entry/{part}.txt", language, facts_of).strip() for part in ("summary", "description", "link")
    )
    return EntryWords(summary=summary, description=description, link=link, is_for_two=bool(facts_of["partner"]))


def _reply_to(mail: Row[Any], meeting: Meeting | None) -> str | None:
    """Where an answer goes: to the invitation; of what somebody wrote, to them; else to whom one can ask."""
    if mail.organizer:
        return str(mail.organizer)
    return mail.about.get("from") or (office_of(meeting).email if meeting else None) or None
