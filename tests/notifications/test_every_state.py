"""Each state of a registration as its person hears of it: by a mail, and by what then stands in the calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingPublished, Session
from shared.events.registration import (
    RegistrationCancelled,
    RegistrationChanged,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationExpired,
    RegistrationOffered,
    RegistrationRejected,
    RegistrationRepeated,
    RegistrationRequested,
    RegistrationUnconfirmed,
    RegistrationWaitlisted,
    SessionSeat,
)
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Mail, Office

MEETING = a_meeting()
SAM = a_registration(meeting_id=MEETING.id)
UNTIL = datetime(2027, 5, 25, 14, 0, tzinfo=UTC)
OFFERED = replace(SAM, status="offered", cause="system", offer_until=UNTIL)
TAKEN = replace(SAM, cause="participant")
LINK = "https://video.example/kamer"
VENUE = "Stadhuis, Stadsplateau 1, 3521 AZ Utrecht"
MIXED = replace(MEETING, attendance_mode="mixed", online_url=LINK)
WORKSHOP = Session(
    id="workshop",
    title={"nl": "Circulair inkopen", "en": "Circular buying"},
    starts_at=NOON + timedelta(hours=1),
    ends_at=NOON + timedelta(hours=2),
    room="Zaal 2",
    capacity=10,
)
TABLE = Session(id="table", title={"nl": "Expertmeeting"}, capacity=1)
PARALLEL = replace(MEETING, sessions=(WORKSHOP, TABLE))


@pytest.mark.parametrize(
    ("event", "status", "says"),
    [
        (RegistrationUnconfirmed, "unconfirmed", "U bent nog niet aangemeld."),
        (RegistrationRequested, "requested", "De organisator beslist wie er meedoet."),
    ],
)
def test_who_has_no_seat_yet_reads_what_is_still_to_happen(office: Office, event: Any, status: Any, says: str) -> None:
    mail = _told(office, event(registration=replace(SAM, status=status)))
    assert (says in mail.text, mail.calendars) == (True, [])
    assert "Was u dit niet?" in mail.text
    assert _mine(mail)


def test_a_rejection_comes_with_the_organisers_reason(office: Office) -> None:
    _told(office, RegistrationRequested(registration=replace(SAM, status="requested")))
    office.tell(RegistrationRejected(registration=replace(SAM, status="rejected"), reason="Alleen <inkopers>"))
    mail = office.one_mail()
    assert "De reden: Alleen <inkopers>" in mail.text
    assert "De reden: Alleen &lt;inkopers&gt;" in mail.html


def test_an_offer_is_an_invitation_that_says_so_first_and_leaves_the_time_open(any_office: Office) -> None:
    mail = _told(any_office, RegistrationOffered(registration=OFFERED))
    entry = mail.entry
    first = "Plek aangeboden, antwoord vóór 25 mei 16.00 uur: Samen duurzaam inkopen"
    assert (mail.subject, entry.summary) == (first, first)
    assert (entry.method, entry.sequence, entry.partstat, entry.busy) == ("REQUEST", 0, "NEEDS-ACTION", "TENTATIVE")
    assert "Neem die dan aan vóór 25 mei 16.00 uur." in mail.text
    assert _mine(mail)


def test_an_offer_in_english_elsewhere_names_the_zone(office: Office) -> None:
    person = a_person(language="en")
    office.tell(MeetingPublished(meeting=replace(MEETING, time_zone="Europe/Lisbon")))
    office.tell(RegistrationOffered(registration=replace(OFFERED, person=person)))
    assert office.one_mail().subject.startswith("Seat offered, answer before 25 May 15:00 (Lisbon): Buying")


def test_taking_the_offer_makes_the_same_entry_certain_and_accepted(any_office: Office) -> None:
    offer = _told(any_office, RegistrationOffered(registration=OFFERED)).entry
    any_office.tell(RegistrationConfirmed(registration=TAKEN))
    mail = any_office.one_mail()
    entry = mail.entry
    assert (entry.uid, entry.sequence, entry.partstat, entry.busy) == (offer.uid, 1, "ACCEPTED", "BUSY")
    assert entry.summary == "Samen duurzaam inkopen"
    assert "U heeft de aangeboden plek aangenomen." in mail.text
    any_office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, title={"nl": "Anders"})))
    assert any_office.one_mail().entry.partstat == "ACCEPTED"  # a yes stays a yes
    any_office.tell(MeetingChanged(meeting=replace(MEETING, revision=3, starts_at=NOON + timedelta(hours=1))))
    assert any_office.one_mail().entry.partstat == "NEEDS-ACTION"


def test_an_organiser_who_makes_the_offer_a_seat_did_not_hear_a_yes(office: Office) -> None:
    offer = _told(office, RegistrationOffered(registration=OFFERED)).entry
    office.tell(RegistrationConfirmed(registration=replace(SAM, cause="organiser")))
    mail = office.one_mail()
    assert (mail.entry.uid, mail.entry.sequence, mail.entry.partstat) == (offer.uid, 1, "NEEDS-ACTION")
    assert "Kies Accepteren" in mail.text


def test_an_offer_that_moves_or_ends_earlier_is_asked_again(office: Office) -> None:
    _told(office, RegistrationOffered(registration=OFFERED))
    office.tell(RegistrationChanged(registration=replace(OFFERED, offer_until=UNTIL - timedelta(hours=1))))
    mail = office.one_mail()
    assert (mail.entry.sequence, mail.entry.busy) == (1, "TENTATIVE")
    assert "Antwoord vóór: 25 mei 16.00 uur → 25 mei 15.00 uur" in mail.text


@pytest.mark.parametrize(
    ("event", "status", "says"),
    [
        (RegistrationDeclined, "declined", "U heeft de aangeboden plek aan de volgende gelaten."),
        (RegistrationExpired, "expired", "Met één knop staat u weer op de wachtlijst, achteraan:"),
    ],
)
def test_an_offer_not_taken_leaves_the_calendar_in_words(office: Office, event: Any, status: Any, says: str) -> None:
    offer = _told(office, RegistrationOffered(registration=OFFERED)).entry
    office.tell(event(registration=replace(SAM, status=status)))
    mail = office.one_mail()
    assert (mail.entry.method, mail.entry.uid, mail.entry.sequence) == ("CANCEL", offer.uid, 1)
    assert mail.entry.summary == offer.summary
    assert (says in mail.text, "uit uw agenda" in mail.text) == (True, True)
    office.tell(RegistrationWaitlisted(registration=replace(SAM, status="waitlisted", place=4)))
    office.tell(RegistrationOffered(registration=OFFERED))
    assert office.one_mail().entry.uid != offer.uid


def test_a_meeting_called_off_takes_offers_away_and_tells_who_asked(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    ann = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@waterschap.example"))
    office.tell(RegistrationOffered(registration=OFFERED))
    office.tell(RegistrationRequested(registration=replace(ann, status="requested")))
    office.new_mail()
    office.tell(MeetingCancelled(meeting=replace(MEETING, status="cancelled", revision=2)))
    told = {mail.message["To"].addresses[0].username: mail for mail in office.new_mail()}
    assert (told["sam"].entry.method, told["ann"].calendars) == ("CANCEL", [])


@pytest.mark.parametrize("status", ["attended", "no_show"])
def test_who_came_or_not_is_between_others(office: Office, status: Any) -> None:
    _told(office, RegistrationConfirmed(registration=SAM))
    office.clock.now = NOON + timedelta(minutes=10)
    office.tell(RegistrationChanged(registration=replace(SAM, status=status)))
    office.tell(RegistrationChanged(registration=SAM))
    assert office.new_mail() == []


def test_the_team_is_invited_like_who_has_a_seat(office: Office) -> None:
    assert _told(office, RegistrationConfirmed(registration=replace(SAM, kind="team"))).entry.method == "REQUEST"


def test_who_is_online_until_there_is_a_seat_hears_that_and_then_why_the_place_is_another(office: Office) -> None:
    waiting = replace(SAM, attendance="online", waits_for="seat", place=3)
    office.tell(MeetingPublished(meeting=MIXED))
    office.tell(RegistrationConfirmed(registration=waiting))
    online = office.one_mail()
    assert "U doet online mee en wacht op een plek op de locatie. U bent nummer 3 op de wachtlijst." in online.text
    office.tell(RegistrationChanged(registration=replace(SAM, cause="system")))
    mail = office.one_mail()
    assert (mail.entry.uid, mail.entry.sequence, mail.entry.location) == (online.entry.uid, 1, VENUE)
    assert "Er is nu een plek voor u op de locatie. U doet dus niet meer online mee." in mail.text
    assert "Waar: online → Stadhuis" in mail.text
    assert LINK not in mail.text


def test_two_who_share_a_mailbox_have_two_entries_that_tell_them_apart(any_office: Office) -> None:
    any_office.tell(MeetingPublished(meeting=MEETING))
    kim = a_registration(meeting_id=MEETING.id, companion=2, person=a_person(name="Kim"))
    for registration in (SAM, kim):
        any_office.tell(RegistrationConfirmed(registration=registration))
    entries = {mail.entry.summary: mail.entry for mail in any_office.new_mail()}
    assert set(entries) == {"Samen duurzaam inkopen", "Samen duurzaam inkopen (Kim)"}
    assert {entry.attendee.value for entry in entries.values()} == {"mailto:sam@gemeente.example"}
    any_office.tell(RegistrationCancelled(registration=replace(kim, status="cancelled")))
    gone = any_office.one_mail().entry
    assert (gone.method, gone.uid) == ("CANCEL", entries["Samen duurzaam inkopen (Kim)"].uid)


def test_ones_own_programme_stands_in_the_mail_and_the_calendar_and_is_kept_up_to_date(office: Office) -> None:
    waits = (SessionSeat(id="workshop", status="confirmed"), SessionSeat(id="table", status="waitlisted", place=2))
    office.tell(MeetingPublished(meeting=PARALLEL))
    office.tell(RegistrationConfirmed(registration=replace(SAM, sessions=waits)))
    mail = office.one_mail()
    for text in (mail.text, mail.entry.description):
        assert "Circulair inkopen, 15.00–16.00 uur, Zaal 2\n" in text  # noqa: RUF001  # a dash between times
        assert "Expertmeeting (nummer 2 op de wachtlijst)\n" in text
    better = (waits[0], replace(waits[1], place=1))
    office.tell(RegistrationChanged(registration=replace(SAM, sessions=better)))
    assert office.new_mail() == []  # another number is no news
    seated = (waits[0], SessionSeat(id="table", status="confirmed"))
    office.tell(RegistrationChanged(registration=replace(SAM, sessions=seated)))
    update = office.one_mail()
    assert (update.entry.uid, update.entry.sequence) == (mail.entry.uid, 1)
    assert "Uw eigen programma bij deze bijeenkomst is gewijzigd." in update.text
    assert "Expertmeeting\n" in update.entry.description
    elsewhere = replace(PARALLEL, revision=2, sessions=(replace(WORKSHOP, room="Zaal 9"), TABLE))
    office.tell(MeetingChanged(meeting=elsewhere))
    assert "Zaal 9" in office.one_mail().entry.description


def test_everyone_reads_their_own_number_on_the_waiting_list_of_a_part(office: Office) -> None:
    office.tell(MeetingPublished(meeting=PARALLEL))
    for place in (1, 2):
        waits = (SessionSeat(id="table", status="waitlisted", place=place),)
        person = a_person(email=f"sam.{place}@gemeente.example")
        waiting = a_registration(meeting_id=MEETING.id, person=person, sessions=waits)
        office.tell(RegistrationConfirmed(registration=waiting))
    for mail in office.new_mail():
        own = mail.message["To"].addresses[0].username.removeprefix("sam.")
        for text in (mail.text, mail.html, mail.entry.description):
            assert f"Expertmeeting (nummer {own} op de wachtlijst)" in text


def test_the_calendar_of_who_hands_over_is_emptied_and_the_colleague_gets_a_fresh_entry(any_office: Office) -> None:
    given = _told(any_office, RegistrationConfirmed(registration=SAM)).entry
    ann = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@gemeente.example"))
    any_office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    any_office.tell(RegistrationConfirmed(registration=ann))
    entries = {mail.message["To"].addresses[0].username: mail.entry for mail in any_office.new_mail()}
    assert (entries["sam"].method, entries["sam"].uid) == ("CANCEL", given.uid)
    assert (entries["ann"].method, entries["ann"].sequence) == ("REQUEST", 0)
    assert entries["ann"].uid != given.uid


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("offered", "Aan Sam Jansen is een plek aangeboden"),
        ("unconfirmed", "Sam Jansen moet dit nog bevestigen"),
        ("requested", "De organisator moet nog beslissen over Sam Jansen."),
    ],
)
def test_signing_up_twice_is_answered_with_what_is_true_in_every_state(office: Office, status: Any, says: str) -> None:
    offer_until = UNTIL if status == "offered" else None
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationRepeated(registration=replace(SAM, status=status, offer_until=offer_until)))
    (repeated,) = [mail for mail in office.new_mail() if "was al aangemeld" in mail.subject]
    assert says in repeated.text


def _told(office: Office, event: Any) -> Mail:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(event)
    return office.one_mail()


def _mine(mail: Mail) -> str:
    """The link of the person's own, alone on a line."""
    (line,) = [line for line in mail.text.splitlines() if line.startswith("http://127.0.0.1:8000/registration/mine/")]
    return line
