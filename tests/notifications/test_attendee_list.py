"""The mail to whoever a meeting names for its attendee list: where it is, and nobody who stands on it."""

from dataclasses import replace
from datetime import timedelta

from shared.events.catalog import MeetingCancelled, MeetingPublished
from shared.events.registration import ListDelivered, Person
from shared.people.links import Links
from tests.builders import NOON, POLICY, a_meeting
from tests.notifications.office import KEY, Office

MEETING = a_meeting()
LIST = ListDelivered(
    id="0197b1f0-0000-7000-8000-000000000037",
    meeting_id=MEETING.id,
    to=Person(name="De receptie", email="receptie@stadhuis.example"),
    valid_until=NOON + timedelta(days=6),
    purpose="reception",
    target_group=POLICY.code,
)


def test_the_list_behind_sign_in_is_the_one_that_was_asked_for(any_office: Office) -> None:
    assert any_office.tell(LIST) == "waiting"
    any_office.tell(MeetingPublished(meeting=MEETING))
    mail = any_office.one_mail()
    assert mail.subject == "Deelnemerslijst van Beleidsmakers: Samen duurzaam inkopen"
    where = f"http://127.0.0.1:8000/registration/desk/{MEETING.slug}/attendees"
    assert f"Log eerst in:\n{where}?purpose=reception&targetGroup=beleidsmaker\n" in mail.text
    any_office.hear_all_again()
    assert any_office.new_mail() == []


def test_a_file_is_behind_a_link_that_is_good_for_this_one_list(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(replace(LIST, as_file=True, target_group=None))
    mail = office.one_mail()
    assert mail.subject == "Deelnemerslijst: Samen duurzaam inkopen"
    assert "werkt tot woensdag 16 juni 2027, 14.00 uur" in mail.text
    (line,) = [line for line in mail.text.splitlines() if "/registration/lists/" in line]
    token = line.rsplit("/", 1)[1]
    assert Links([KEY], clock=office.clock).read(token, "attendee-list").subject == LIST.id
    shown = office.service.app.test_client().get(
        "/notifications/v1/messages", headers={"Authorization": "Bearer the-manager"}
    )
    assert token not in shown.text


def test_no_list_of_a_meeting_that_was_called_off_and_none_that_opens_nothing_any_more(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(replace(LIST, id="late", valid_until=office.clock.now))
    office.tell(MeetingCancelled(meeting=replace(MEETING, status="cancelled", revision=2)))
    office.tell(LIST)
    assert office.new_mail() == []
