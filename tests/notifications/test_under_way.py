"""Mail to many: how far it is can be seen while it goes, by whoever may, and is found again afterwards."""

import re
from datetime import timedelta
from typing import Any

from shared.db.transaction import new_id
from shared.events.catalog import MeetingPublished
from shared.events.registration import AccessChanged, MessageWritten, RegistrationConfirmed
from shared.people.grants import secret_hash
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Office

MEETING = a_meeting()
UNDER_WAY = "/notifications/mailroom/under-way"
MAILROOM = f"/notifications/mailroom/meetings/{MEETING.id}"


def _page(office: Office, path: str, key: str = "the-manager") -> str:
    client = office.service.app.test_client()
    client.set_cookie(SIGN_IN_COOKIE, key, domain="127.0.0.1")
    return client.get(path, base_url="http://127.0.0.1:8000").text


def _bars(page: str) -> list[tuple[str, str]]:
    """What is followed on a page, and what its bar says."""
    return re.findall(r"<label[^>]*>([^<]*)</label>\s*<progress[^>]*>([^<]*)</progress>", page)


def _organiser(region: str) -> AccessChanged:
    grant: dict[str, Any] = {"secret_hash": secret_hash(region), "role": "organiser", "regions": (region,)}
    return AccessChanged(id=new_id(), kind="key", person_id=new_id(), **grant)


def _write(office: Office, names: tuple[str, ...]) -> None:
    """A message to these people, who have a seat, and whose invitations have left."""
    people = [
        a_registration(meeting_id=MEETING.id, person=a_person(name=name, email=f"{name}@gemeente.example"))
        for name in names
    ]
    office.tell(MeetingPublished(meeting=MEETING))
    for person in people:
        office.tell(RegistrationConfirmed(registration=person))
    office.post()
    office.tell(
        MessageWritten(
            id=new_id(),
            meeting_id=MEETING.id,
            subject="Nieuws over {bijeenkomst}",
            text="Tot dan",
            registration_ids=tuple(person.id for person in people),
        )
    )


def test_a_message_to_many_is_followed_while_it_goes_and_found_again(any_office: Office) -> None:
    office = any_office
    _write(office, ("sam", "kim", "noor"))
    begun, waits = _page(office, UNDER_WAY), _page(office, "/notifications/mailroom")
    office.post()
    done, found, left = (_page(office, path) for path in (UNDER_WAY, MAILROOM, "/notifications/mailroom"))

    assert _bars(begun) == [("Bericht: Nieuws over Samen duurzaam inkopen", "0 / 3")]
    assert ("3 mails moeten nog weg" in waits, "nog weg" in left) == (True, False)
    assert "data-follow" in begun
    assert "Er wordt nu niets aan veel mensen verstuurd." in done
    assert _bars(found) == [("Bericht: Nieuws over Samen duurzaam inkopen", "3 / 3")]
    assert "data-follow" not in found


def test_nobody_follows_the_mail_of_another_region(office: Office) -> None:
    _write(office, ("sam",))
    for region in ("PV26", "PV20"):
        office.tell(_organiser(region))

    assert len(_bars(_page(office, UNDER_WAY, "PV26"))) == 1
    assert _bars(_page(office, UNDER_WAY, "PV20")) == []


def test_the_mailroom_names_the_next_meetings_and_none_that_is_over(any_office: Office) -> None:
    office = any_office
    for number in (3, 1, 2):
        starts_at = NOON + timedelta(days=number)
        meeting = a_meeting(title={"nl": f"Dag {number}"}, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
        office.tell(MeetingPublished(meeting=meeting))
    office.clock.now = NOON + timedelta(days=1, hours=4)

    named = re.findall(r"/meetings/[^/\"]+\">(Dag \d)</a>", _page(office, "/notifications/mailroom"))

    assert named == ["Dag 2", "Dag 3"]
