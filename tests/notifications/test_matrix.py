"""Rule 8 as one table: what an invitation is, what happens, and what its calendar is told then.

Registration is played here: what it answers to a reply is told as it would tell it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import pytest

from services.notifications.post.arrivals.desk import Desk
from shared.events.catalog import Meeting, MeetingCancelled, MeetingChanged, MeetingPublished
from shared.events.registration import (
    AcceptanceRefused,
    Registration,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationRepeated,
    RegistrationWaitlisted,
)
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.answering import answer
from tests.notifications.office import OURS, Mail, Office

Uid = Literal["kept", "fresh"]


@dataclass(frozen=True)
class Told:
    """A mail: its kind, and if it holds a calendar object the METHOD, whose UID, the SEQUENCE and the PARTSTAT."""

    kind: str
    method: str = ""
    uid: Uid | None = None
    sequence: int | None = None
    partstat: str = ""


@dataclass
class Scene:
    """Sam, one meeting, and the mails about it."""

    office: Office
    meeting: Meeting
    sam: Registration
    first: Mail | None = None

    def meets(self, **changes: object) -> None:
        self.meeting = replace(self.meeting, revision=self.meeting.revision + 1, **changes)  # type: ignore[arg-type]
        event = MeetingCancelled if self.meeting.status == "cancelled" else MeetingChanged
        self.office.tell(event(meeting=self.meeting))

    def stands(self, event: Callable[..., object], **changes: object) -> None:
        self.sam = replace(self.sam, **changes)  # type: ignore[arg-type]
        self.office.tell(event(registration=self.sam))

    def answers(self, partstat: str) -> None:
        assert self.first, "nothing was sent that can be answered"
        self.office.clock.forward(minutes=1)
        source = answer(self.first, partstat, at=self.office.clock.now)
        Desk(self.office.service.database, OURS, "kring.example").take(source, self.first.entry.organizer)

    def invitation(self) -> str:
        assert self.first
        return self.first.entry.uid.partition("@")[0]


def none(scene: Scene) -> None:
    """Nothing was ever sent."""


def open_(scene: Scene) -> None:
    scene.stands(RegistrationConfirmed, status="confirmed", cause="participant")
    scene.first = scene.office.one_mail()


def offered(scene: Scene) -> None:
    scene.stands(RegistrationOffered, status="offered", cause="system", offer_until=NOON - timedelta(days=10))
    scene.first = scene.office.one_mail()


def accepted(scene: Scene) -> None:
    open_(scene)
    scene.answers("ACCEPTED")


def tentative(scene: Scene) -> None:
    open_(scene)
    scene.answers("TENTATIVE")


def declined(scene: Scene) -> None:
    open_(scene)
    says_no(scene)


def cancelled(scene: Scene) -> None:
    open_(scene)
    signs_off(scene)


def says_yes(scene: Scene) -> None:
    off = scene.sam.status in ("cancelled", "declined", "expired")
    scene.answers("ACCEPTED")
    if scene.sam.status == "offered":
        scene.stands(RegistrationConfirmed, status="confirmed", cause="reply", offer_until=None)
    elif off and not _was_withdrawn(scene):
        scene.stands(RegistrationConfirmed, status="confirmed", cause="participant")


def says_yes_but_it_is_full(scene: Scene) -> None:
    scene.answers("ACCEPTED")
    scene.stands(RegistrationWaitlisted, status="waitlisted", cause="participant", place=1)


def says_yes_but_it_is_closed(scene: Scene) -> None:
    scene.answers("ACCEPTED")
    scene.office.tell(
        AcceptanceRefused(
            meeting_id=scene.meeting.id,
            invitation_id=scene.invitation(),
            registration_id=scene.sam.id,
            reason="closed",
        )
    )


def says_perhaps(scene: Scene) -> None:
    scene.answers("TENTATIVE")


def says_no(scene: Scene) -> None:
    seated, is_offer = scene.sam.status in ("confirmed", "offered"), scene.sam.status == "offered"
    scene.answers("DECLINED")
    if is_offer:
        scene.stands(RegistrationDeclined, status="declined", cause="reply", offer_until=None)
    elif seated:
        scene.stands(RegistrationCancelled, status="cancelled", cause="reply")


def takes_the_offer_on_the_website(scene: Scene) -> None:
    scene.stands(RegistrationConfirmed, status="confirmed", cause="participant", offer_until=None)


def the_offer_expires(scene: Scene) -> None:
    scene.stands(RegistrationExpired, status="expired", cause="system", offer_until=None)


def signs_up(scene: Scene) -> None:
    scene.stands(RegistrationConfirmed, status="confirmed", cause="participant")


def signs_up_once_more(scene: Scene) -> None:
    scene.stands(RegistrationRepeated)


def signs_off(scene: Scene) -> None:
    scene.stands(RegistrationCancelled, status="cancelled", cause="participant", offer_until=None)


def hands_over(scene: Scene) -> None:
    signs_off(scene)
    colleague = a_registration(meeting_id=scene.meeting.id, person=a_person(name="Eva", email="eva@gemeente.example"))
    scene.office.tell(RegistrationConfirmed(registration=colleague))


def it_moves(scene: Scene) -> None:
    scene.meets(starts_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=4))


def it_is_renamed(scene: Scene) -> None:
    scene.meets(title={"nl": "Een andere naam"})


def it_is_called_off(scene: Scene) -> None:
    scene.meets(status="cancelled")


def _was_withdrawn(scene: Scene) -> bool:
    return any(mail.calendars and mail.entry.method == "CANCEL" for mail in scene.office.all_mail())


INVITED = Told("invitation", "REQUEST", "fresh", 0, "NEEDS-ACTION")
MOVED = Told("changed", "REQUEST", "kept", 1, "NEEDS-ACTION")
RENAMED = Told("changed", "REQUEST", "kept", 1, "NEEDS-ACTION")
OFF = Told("cancelled", "CANCEL", "kept", 1)
CALLED_OFF = Told("called_off", "CANCEL", "kept", 1)
BYE = Told("cancelled")

TABLE = [
    (none, signs_up, [INVITED]),
    (none, it_moves, []),
    (none, it_is_called_off, []),
    (open_, says_yes, []),  # a seat needs no confirming
    (open_, says_perhaps, []),
    (open_, says_no, [BYE]),
    (open_, signs_up_once_more, [Told("repeated")]),
    (open_, signs_off, [OFF]),
    (open_, hands_over, [OFF, INVITED]),
    (open_, it_moves, [MOVED]),
    (open_, it_is_renamed, [RENAMED]),
    (open_, it_is_called_off, [CALLED_OFF]),
    (accepted, says_yes, []),
    (accepted, says_perhaps, []),
    (accepted, says_no, [BYE]),
    (accepted, signs_up_once_more, [Told("repeated")]),
    (accepted, signs_off, [OFF]),
    (accepted, it_moves, [MOVED]),  # a yes to another time is no yes
    (accepted, it_is_renamed, [replace(RENAMED, partstat="ACCEPTED")]),
    (accepted, it_is_called_off, [CALLED_OFF]),
    (tentative, says_yes, []),
    (tentative, says_no, [BYE]),
    (tentative, signs_off, [OFF]),
    (tentative, it_moves, [MOVED]),
    (tentative, it_is_renamed, [RENAMED]),
    (tentative, it_is_called_off, [CALLED_OFF]),
    (declined, says_yes, [Told("accepted")]),  # never cancelled by us: the same UID lives again
    (declined, says_yes_but_it_is_full, [Told("waitlisted", "CANCEL", "kept", 1)]),
    (declined, says_yes_but_it_is_closed, [Told("no_seat", "CANCEL", "kept", 1)]),
    (declined, says_perhaps, []),
    (declined, says_no, []),
    (declined, signs_up, [INVITED]),
    (declined, it_moves, []),
    (declined, it_is_called_off, []),
    (cancelled, says_yes, [Told("too_late")]),
    (cancelled, says_perhaps, []),
    (cancelled, says_no, []),
    (cancelled, signs_up, [INVITED]),
    (cancelled, it_moves, []),
    (cancelled, it_is_called_off, []),
    (offered, says_yes, [Told("accepted")]),  # words alone: it stands in the calendar as accepted
    (offered, says_perhaps, []),
    (offered, says_no, [Told("declined")]),
    (offered, takes_the_offer_on_the_website, [Told("invitation", "REQUEST", "kept", 1, "ACCEPTED")]),
    (offered, the_offer_expires, [Told("expired", "CANCEL", "kept", 1)]),
    (offered, signs_off, [OFF]),
    (offered, it_moves, [Told("offered", "REQUEST", "kept", 1, "NEEDS-ACTION")]),
    (offered, it_is_called_off, [CALLED_OFF]),
]


@pytest.mark.parametrize(
    ("state", "happens", "told"), [pytest.param(*row, id=f"{row[0].__name__}, {row[1].__name__}") for row in TABLE]
)
def test_what_is_told(
    office: Office, state: Callable[[Scene], None], happens: Callable[[Scene], None], told: list[Told]
) -> None:
    meeting = a_meeting()
    scene = Scene(office, meeting, a_registration(meeting_id=meeting.id))
    office.tell(MeetingPublished(meeting=meeting))
    state(scene)
    office.new_mail()
    happens(scene)
    assert [_told(scene, mail) for mail in office.new_mail()] == told


def _told(scene: Scene, mail: Mail) -> Told:
    kind = _kind(scene, mail)
    if not mail.calendars:
        return Told(kind)
    is_kept = scene.first is not None and mail.entry.uid == scene.first.entry.uid
    partstat = mail.entry.partstat if mail.entry.method == "REQUEST" else ""
    return Told(kind, mail.entry.method, "kept" if is_kept else "fresh", mail.entry.sequence, partstat)


def _kind(scene: Scene, mail: Mail) -> str:
    """As the mailroom calls it."""
    listed = scene.office.service.app.test_client().get(
        "/notifications/v1/messages", headers={"Authorization": "Bearer the-manager"}
    )
    return next(str(each["kind"]) for each in listed.get_json() if each["subject"] == mail.subject)  # the newest first
