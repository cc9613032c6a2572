"""Reminders and thanks as people get them: once, at the right moment, and only those whom it concerns."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.actions.choose_preferences import choose_preferences
from services.notifications.actions.mark_address import mark_refused
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.preferences import Preferences
from shared.events.catalog import Document, MeetingCancelled, MeetingChanged, MeetingHeld, MeetingPublished
from shared.events.registration import RegistrationCancelled, RegistrationChanged, RegistrationConfirmed, SessionSeat
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import KEY, Mail, Office
from tests.notifications.test_every_state import LINK, PARALLEL

MEETING = a_meeting(travel_info={"nl": "Vanaf het station tien minuten lopen."})
SAM = a_registration(meeting_id=MEETING.id)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = datetime(2027, 6, 3, 9, 0, tzinfo=AMSTERDAM)
DAY = datetime(2027, 6, 9, 9, 0, tzinfo=AMSTERDAM)
OURS = OurAddresses("kring.example", "reply+{token}@kring.example", (KEY,))
SURVEY = "https://vragen.example/1"


def test_a_seat_holder_is_reminded_a_week_and_a_working_day_before_once(any_office: Office) -> None:
    _published(any_office)
    any_office.tell(RegistrationConfirmed(registration=replace(SAM, status="confirmed")))
    any_office.new_mail()
    assert _reminded(any_office, WEEK - timedelta(minutes=1)) == []
    (mail,) = _reminded(any_office, WEEK)
    assert mail.subject == "Herinnering: Samen duurzaam inkopen"
    assert "donderdag 10 juni 2027, 14.00–17.00 uur" in mail.text  # noqa: RUF001  # a dash between times
    assert "Vanaf het station tien minuten lopen." in mail.text
    assert "Doe dat liefst vóór 7 juni 14.00 uur. Later mag ook." in mail.text
    assert "http://127.0.0.1:8000/registration/mine/" in mail.text
    assert mail.calendars == []
    assert mail.message["Auto-Submitted"] == "auto-generated"
    any_office.hear_all_again()
    any_office.again().due()
    assert _reminded(any_office, WEEK + timedelta(hours=2)) == []
    (last,) = _reminded(any_office, DAY)
    assert "U kunt dat nu ook nog doen." in last.text
    assert _reminded(any_office, NOON) == []


def test_workers_that_look_at_the_same_moment_remind_everyone_once(any_office: Office) -> None:
    _published(any_office)
    for number in range(20):
        person = a_person(email=f"{number}@gemeente.example")
        any_office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
    any_office.new_mail()
    any_office.clock.now = WEEK
    with ThreadPoolExecutor() as pool:
        list(pool.map(Office.due, [any_office, any_office.again(), any_office.again()]))
    assert len(any_office.new_mail()) == 20


def test_nobody_else_is_reminded(office: Office) -> None:
    _published(office)
    people = {
        "waits": replace(SAM, status="waitlisted", place=1),
        "offered": replace(SAM, status="offered", offer_until=NOON - timedelta(hours=2)),
        "left": replace(SAM, status="cancelled"),
        "silent": replace(SAM, person=a_person(name="Kim", email=None)),
        "lost": replace(SAM, person=a_person(name="Bas", email="bas@weg.example")),
        "unwilling": replace(SAM, person=a_person(name="Liv", email="liv@gemeente.example")),
        "new": replace(SAM, person=a_person(name="Ann", email="ann@gemeente.example")),
        "seated": replace(SAM, person=a_person(name="Eva", email="eva@gemeente.example")),
    }
    for name, registration in people.items():
        if name != "new":
            office.tell(RegistrationChanged(registration=replace(registration, id=f"{name}-0000")))
    office.clock.now = WEEK - timedelta(days=2, hours=23)
    office.tell(RegistrationConfirmed(registration=replace(people["new"], id="new-0000")))
    office.new_mail()
    with office.service.database.begin() as tx:
        mark_refused(tx, "bas@weg.example", "550 no such user")
        choose_preferences(tx, OURS.fingerprint("liv@gemeente.example"), Preferences(reminders=False))
    (mail,) = _reminded(office, WEEK)
    assert mail.message["To"].addresses[0].username == "eva"


def test_a_reminder_moves_with_its_meeting_and_is_gone_with_it(office: Office) -> None:
    _published(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    later = replace(MEETING, revision=2, starts_at=NOON + timedelta(days=7), ends_at=NOON + timedelta(days=7, hours=3))
    office.tell(MeetingChanged(meeting=later))
    office.new_mail()
    assert _reminded(office, WEEK) == []
    (mail,) = _reminded(office, WEEK + timedelta(days=7))
    assert "17 juni 2027" in mail.text
    office.tell(MeetingCancelled(meeting=replace(later, revision=3, status="cancelled")))
    office.new_mail()
    assert _reminded(office, DAY + timedelta(days=7)) == []


def test_what_a_meeting_names_takes_the_place_of_the_usual_reminders(office: Office) -> None:
    office.tell(MeetingPublished(meeting=replace(MEETING, reminders=(48, 24))))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.new_mail()
    assert _reminded(office, DAY - timedelta(days=1)) == []
    assert [len(_reminded(office, NOON - timedelta(hours=hours))) for hours in (48, 24)] == [1, 1]


@pytest.mark.parametrize(
    ("starts", "named", "moments"),
    [
        ("2027-03-29T14:00", (), ["2027-03-22T08:00", "2027-03-25T08:00"]),  # the clock goes forward on the 28th
        ("2027-03-28T14:00", (24,), ["2027-03-27T13:00"]),
        ("2027-11-01T14:00", (), ["2027-10-25T07:00", "2027-10-29T07:00"]),  # and back on 31 October
        ("2027-10-31T14:00", (24, 2), ["2027-10-30T12:00", "2027-10-31T11:00"]),
    ],
)
def test_reminders_keep_to_the_wall_when_the_clock_changes_and_come_once(
    any_office: Office, starts: str, named: tuple[int, ...], moments: list[str]
) -> None:
    start = datetime.fromisoformat(starts).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    meeting = a_meeting(starts_at=start, ends_at=start + timedelta(hours=2), reminders=named)
    any_office.clock.now = start - timedelta(days=20)
    any_office.tell(MeetingPublished(meeting=meeting))
    any_office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id)))
    any_office.new_mail()
    for moment in (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in moments):
        came = [len(_reminded(any_office, moment + timedelta(minutes=minutes))) for minutes in (-1, 0, 1, 60)]
        assert came == [0, 1, 0, 0]
    assert _reminded(any_office, start) == []


def test_after_downtime_only_the_newest_reminder_goes_out_and_none_that_is_too_late(office: Office) -> None:
    _published(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    office.new_mail()
    assert len(_reminded(office, DAY + timedelta(hours=5))) == 1
    other = a_meeting(reminders=(2,))
    office.clock.now = NOON - timedelta(days=10)
    office.tell(MeetingPublished(meeting=other))
    office.tell(RegistrationConfirmed(registration=replace(SAM, id="other-0000", meeting_id=other.id)))
    office.new_mail()
    assert _reminded(office, NOON - timedelta(minutes=59)) == []


def test_a_reminder_that_still_waits_is_overtaken_by_what_is_newer(office: Office) -> None:
    _published(office)
    ann = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@gemeente.example"))
    for registration in (SAM, ann):
        office.tell(RegistrationConfirmed(registration=registration))
    office.new_mail()
    office.clock.now = WEEK
    office.due()
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, title={"nl": "Anders"})))
    assert sorted(mail.entry.method for mail in office.new_mail()) == ["CANCEL", "REQUEST"]


def test_a_reminder_that_waits_too_long_is_not_sent(office: Office) -> None:
    _published(office)
    office.tell(RegistrationConfirmed(registration=SAM))
    office.new_mail()
    office.clock.now = WEEK
    office.due()
    office.clock.now = WEEK + timedelta(days=1)
    assert office.new_mail() == []
    assert office.statuses() == ["sent", "replaced"]


def test_who_takes_part_online_is_reminded_of_the_link_and_everyone_of_what_they_chose(office: Office) -> None:
    meeting = replace(
        PARALLEL, id=MEETING.id, attendance_mode="mixed", online_url=LINK, travel_info=MEETING.travel_info
    )
    prepares = Document(title={"nl": "Lees vooraf"}, url="https://kring.example/files/for-participants/y")
    meeting = replace(meeting, participant_documents=(prepares,))
    office.tell(MeetingPublished(meeting=meeting))
    online = replace(SAM, attendance="online", sessions=(SessionSeat(id="workshop", status="confirmed"),))
    office.tell(RegistrationConfirmed(registration=online))
    office.new_mail()
    (mail,) = _reminded(office, WEEK)
    assert LINK in mail.text
    assert f"Lees vooraf: {prepares.url}" in mail.text
    assert "Circulair inkopen" in mail.text
    assert "station" not in mail.text


def test_who_came_is_thanked_the_next_working_day_and_who_is_noted_later_the_day_after_that(any_office: Office) -> None:
    report = Document(title={"nl": "Verslag"}, url="https://kring.example/verslag.pdf")
    closed = Document(title={"nl": "Foto's"}, url="https://kring.example/files/for-participants/x")
    meeting = replace(MEETING, survey_url=SURVEY, documents=(report,), participant_documents=(closed,))
    any_office.tell(MeetingPublished(meeting=meeting))
    month = timedelta(days=30)
    following = a_meeting(starts_at=NOON + month, ends_at=NOON + month + timedelta(hours=2))
    any_office.tell(MeetingPublished(meeting=following))
    ann = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@gemeente.example"))
    for registration in (SAM, ann):
        any_office.tell(RegistrationConfirmed(registration=registration))
    any_office.new_mail()
    any_office.clock.now = NOON + timedelta(minutes=5)
    any_office.tell(RegistrationChanged(registration=replace(SAM, status="attended")))
    any_office.clock.now = NOON + timedelta(hours=4)
    any_office.tell(MeetingHeld(meeting=replace(meeting, status="held", revision=2)))
    assert _reminded(any_office, datetime(2027, 6, 11, 8, 59, tzinfo=AMSTERDAM)) == []
    (mail,) = _reminded(any_office, datetime(2027, 6, 11, 9, 0, tzinfo=AMSTERDAM))
    assert mail.subject == "Dank voor uw komst: Samen duurzaam inkopen"
    assert "Verslag: https://kring.example/verslag.pdf" in mail.text
    assert f"Foto's: {closed.url}" in mail.text
    assert (SURVEY in mail.text, "bewijs van deelname" in mail.text) == (True, True)
    assert "/registration/network\n" in mail.text
    assert "in twee regels over uw stap of succes" in mail.text
    assert re.search(rf"/registration/mine/\S+\?meeting={following.slug}\n", mail.text)
    any_office.tell(RegistrationChanged(registration=replace(ann, status="attended")))
    any_office.hear_all_again()
    assert _reminded(any_office, datetime(2027, 6, 11, 23, 0, tzinfo=AMSTERDAM)) == []
    (late,) = _reminded(any_office, datetime(2027, 6, 14, 9, 0, tzinfo=AMSTERDAM))
    assert late.message["To"].addresses[0].username == "ann"


@pytest.mark.parametrize(("survey", "mails"), [(SURVEY, 1), ("", 0)])
def test_where_nobody_noted_who_came_those_with_a_seat_are_asked_how_it_was(
    office: Office, survey: str, mails: int
) -> None:
    office.tell(MeetingPublished(meeting=replace(MEETING, survey_url=survey)))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.new_mail()
    got = _reminded(office, datetime(2027, 6, 11, 9, 0, tzinfo=AMSTERDAM))
    assert [mail.subject for mail in got] == ["Hoe was het? Samen duurzaam inkopen"] * mails
    assert all("bewijs" not in mail.text for mail in got)


def _published(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))


def _reminded(office: Office, at: datetime) -> list[Mail]:
    """What is sent because the time came."""
    office.clock.now = at.astimezone(office.clock.now.tzinfo)
    office.due()
    return office.new_mail()
