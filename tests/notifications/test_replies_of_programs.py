"""How programs write answers, each after what is public about it: what is made of them, and what moves.

The files leave open what belongs to the invitation; ``X-Source`` says what each is written after.
"""

from pathlib import Path

import pytest

from services.notifications.post.arrivals.desk import Desk
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from tests.builders import a_meeting, a_registration
from tests.notifications.office import OURS, Mail, Office

FOLDER = Path(__file__).parent / "replies"

TABLE: dict[str, tuple[str, str, str | None]] = {
    "outlook-desktop-declines": ("acted", "declined", "declined"),
    "outlook-accepts-with-a-file-only": ("acted", "accepted", "accepted"),
    "outlook-on-the-web-maybe": ("acted", "tentative", "tentative"),
    "outlook-proposes-another-time": ("acted", "counter", None),
    "google-declines": ("acted", "declined", "declined"),
    "google-proposes-another-time": ("acted", "counter", None),
    "apple-accepts": ("acted", "accepted", "accepted"),
    "thunderbird-accepts": ("acted", "accepted", "accepted"),
    "nextcloud-declines": ("acted", "declined", "declined"),
    "kontact-maybe": ("acted", "tentative", "tentative"),
    "kontact-asks-again": ("acted", "refresh", None),
    "a-secretary-declines": ("acted", "declined", "declined"),
    "a-shared-mailbox-accepts": ("acted", "accepted", "accepted"),
    "somebody-it-was-forwarded-to-accepts": ("asked", "someone-else", None),
    "passed-on-in-the-calendar": ("acted", "delegated", None),
    "without-sequence-to-the-newest": ("acted", "declined", "declined"),
    "words": ("question", "words", None),
    "words-in-parts": ("question", "words", None),
    "away-exchange": ("automatic", "program", None),
    "away-in-the-subject-de": ("automatic", "program", None),
    "away-in-the-subject-en": ("automatic", "program", None),
    "away-in-the-subject-fr": ("automatic", "program", None),
    "away-in-the-subject-nl": ("automatic", "program", None),
    "away-vacation": ("automatic", "program", None),
    "a-mailing-list": ("automatic", "program", None),
    "not-delivered-postfix": ("bounced", "delivery-report", None),
    "not-delivered-exchange": ("bounced", "delivery-report", None),
    "not-delivered-gmail": ("bounced", "delivery-report", None),
}
"""File → where it is filed, why, and what the invitation is answered with after it."""


def test_every_file_has_its_line_and_its_source() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(TABLE)
    assert all(path.read_text().startswith("X-Source: ") for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", TABLE)
def test_the_right_thing_happens(office: Office, name: str) -> None:
    meeting = a_meeting()
    office.tell(MeetingPublished(meeting=meeting))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id)))
    invited = office.one_mail()
    desk = Desk(office.service.database, OURS, "kring.example")

    (filed,) = desk.take_without_envelope(_filled_in(name, invited))

    assert (filed.outcome, filed.why, _answer(office, meeting.id)) == TABLE[name]


def _filled_in(name: str, mail: Mail) -> bytes:
    entry = mail.entry
    open_places = {
        "{uid}": entry.uid,
        "{organizer}": entry.organizer,
        "{attendee}": entry.attendee.value.removeprefix("mailto:"),
        "{sequence}": str(entry.sequence),
        "{message_id}": str(mail.message["Message-ID"]),
    }
    text = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    for place, value in open_places.items():
        text = text.replace(place, value)
    return text.replace("\n", "\r\n").encode()


def _answer(office: Office, meeting_id: str) -> str | None:
    client = office.service.app.test_client()
    manager = {"Authorization": "Bearer the-manager"}
    (invitation,) = client.get(f"/notifications/v1/meetings/{meeting_id}/invitations", headers=manager).get_json()
    answer: str | None = invitation["answer"]
    return answer
