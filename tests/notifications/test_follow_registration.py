"""Somebody signs up, waits, is signed off, signs up again: what reaches their mailbox and their calendar."""

from dataclasses import replace
from datetime import timedelta

from shared.events.catalog import MeetingCancelled, MeetingPublished, SeatPlan
from shared.events.registration import (
    Registration,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationRepeated,
    RegistrationWaitlisted,
)
from shared.people.links import Link, Links
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import KEY, Mail, Office

MEETING = a_meeting()
SAM = a_registration(meeting_id=MEETING.id)
WAITING = replace(SAM, status="waitlisted", place=3, place_in_group=2)
CANCELLED = replace(SAM, status="cancelled")


def test_a_seat_is_told_by_one_invitation(any_office: Office) -> None:
    any_office.tell(MeetingPublished(meeting=MEETING))
    any_office.tell(RegistrationConfirmed(registration=SAM))
    mail = any_office.one_mail()
    assert mail.subject == "U heeft een plek: Samen duurzaam inkopen"
    assert mail.message["To"] == "Sam Jansen <sam@gemeente.example>"
    assert "donderdag 10 juni 2027, 14.00–17.00 uur" in mail.text  # noqa: RUF001  # a dash between times
    assert "Stadhuis, Stadsplateau 1, 3521 AZ Utrecht" in mail.text
    assert "zonder antwoord houdt u uw plek" in mail.text
    entry = mail.entry
    assert (entry.method, entry.sequence, entry.partstat) == ("REQUEST", 0, "NEEDS-ACTION")
    assert entry.starts_at == NOON
    assert any_office.new_mail() == []


def test_the_personal_link_stands_alone_on_a_line_and_never_in_the_calendar(office: Office) -> None:
    mail = _confirmed(office)
    address = "http://127.0.0.1:8000/registration/mine/"
    (line,) = [line for line in mail.text.splitlines() if address in line]
    assert Links((KEY,)).read(line.removeprefix(address), "mine") == Link(SAM.id, SAM.link_version)
    assert all(b"/mine/" not in calendar for calendar in mail.calendars)


def test_whatever_is_heard_twice_late_or_once_more_sends_nothing(any_office: Office) -> None:
    _confirmed(any_office)
    any_office.tell(RegistrationConfirmed(registration=SAM), version=1)
    any_office.tell(RegistrationConfirmed(registration=SAM), version=4)
    any_office.tell(RegistrationWaitlisted(registration=WAITING), version=2)
    any_office.hear_all_again()
    any_office.tell(RegistrationConfirmed(registration=SAM), version=4)
    any_office.tell(MeetingPublished(meeting=MEETING), version=1)
    assert any_office.new_mail() == []


def test_a_registration_that_comes_before_its_meeting_waits_for_it(office: Office) -> None:
    assert office.tell(RegistrationConfirmed(registration=SAM)) == "waiting"
    assert office.new_mail() == []
    office.tell(MeetingPublished(meeting=MEETING))
    assert office.one_mail().entry.method == "REQUEST"


def test_who_waits_reads_the_place_and_the_rule_and_gets_the_invitation_later(office: Office) -> None:
    keeps_some = replace(MEETING, seat_plan=SeatPlan(capacity=20, reserved={"inkoper": 5}))
    office.tell(MeetingPublished(meeting=keeps_some))
    office.tell(RegistrationWaitlisted(registration=WAITING))
    mail = office.one_mail()
    assert mail.calendars == []
    assert "U bent nummer 3 op de wachtlijst. Van de mensen met de rol Beleidsmakers bent u nummer 2." in mail.text
    assert "Soms gaat een andere rol voor, omdat daarvoor plekken zijn vrijgehouden." in mail.text
    office.tell(RegistrationWaitlisted(registration=replace(WAITING, place=2)))
    assert office.new_mail() == []  # a better place is no news
    office.tell(RegistrationConfirmed(registration=SAM))
    assert office.one_mail().entry.sequence == 0


def test_where_no_seats_are_kept_nobody_reads_that_another_goes_first(office: Office) -> None:
    released = SeatPlan(capacity=20, reserved={"inkoper": 5}, release_at=NOON - timedelta(days=365))
    office.tell(MeetingPublished(meeting=replace(MEETING, seat_plan=released)))
    office.tell(RegistrationWaitlisted(registration=WAITING))
    mail = office.one_mail()
    assert "U bent nummer 3 op de wachtlijst." in mail.text
    assert "gaat een andere rol voor" not in mail.text


def test_who_is_signed_off_loses_the_entry_that_was_sent(office: Office) -> None:
    invitation = _confirmed(office).entry
    office.tell(RegistrationCancelled(registration=CANCELLED))
    mail = office.one_mail()
    entry = mail.entry
    assert (entry.method, entry.status, entry.sequence) == ("CANCEL", "CANCELLED", 1)
    assert (entry.uid, entry.organizer) == (invitation.uid, invitation.organizer)
    assert (entry.starts_at, entry.summary) == (invitation.starts_at, invitation.summary)
    assert entry.stamped_at > invitation.stamped_at
    assert mail.subject == "U bent afgemeld: Samen duurzaam inkopen"
    assert "Deze mail haalt de bijeenkomst uit uw agenda." in mail.text


def test_the_organiser_who_signs_somebody_off_is_named(office: Office) -> None:
    _confirmed(office)
    office.tell(RegistrationCancelled(registration=replace(CANCELLED, cause="organiser")))
    assert "De organisator heeft u afgemeld" in office.one_mail().text


def test_nothing_is_cancelled_that_never_left(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(RegistrationCancelled(registration=CANCELLED))
    mail = office.one_mail()
    assert mail.subject.startswith("U bent afgemeld")
    assert mail.calendars == []
    assert "uit uw agenda" not in mail.text


def test_news_that_did_not_leave_yet_is_overtaken_by_newer_news(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationWaitlisted(registration=WAITING))
    office.tell(RegistrationConfirmed(registration=SAM))
    assert office.one_mail().subject.startswith("U heeft een plek")


def test_who_signs_up_again_gets_a_fresh_entry(office: Office) -> None:
    first = _confirmed(office).entry
    office.tell(RegistrationCancelled(registration=CANCELLED))
    office.tell(RegistrationConfirmed(registration=SAM))
    entries = {mail.entry.method: mail.entry for mail in office.new_mail()}
    assert (entries["CANCEL"].uid, entries["CANCEL"].sequence) == (first.uid, 1)
    assert entries["REQUEST"].uid != first.uid
    assert (entries["REQUEST"].sequence, entries["REQUEST"].organizer != first.organizer) == (0, True)


def test_a_seat_taken_back_to_the_waiting_list_leaves_the_calendar_with_the_place_in_words(office: Office) -> None:
    _confirmed(office)
    office.tell(RegistrationWaitlisted(registration=WAITING))
    mail = office.one_mail()
    assert mail.entry.method == "CANCEL"
    assert "U bent nummer 3 op de wachtlijst." in mail.text


def test_who_leaves_the_waiting_list_gets_a_plain_mail(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationWaitlisted(registration=WAITING))
    office.post()
    office.new_mail()
    office.tell(RegistrationCancelled(registration=CANCELLED))
    mail = office.one_mail()
    assert (mail.subject, mail.calendars) == ("U bent afgemeld: Samen duurzaam inkopen", [])


def test_signing_up_twice_is_answered_with_what_is_true(office: Office) -> None:
    _confirmed(office)
    office.tell(RegistrationRepeated(registration=SAM))
    mail = office.one_mail()
    assert mail.calendars == []
    assert "Met dit adres is aangemeld: Sam Jansen\nSam Jansen heeft een plek." in mail.text
    assert "Een tweede persoon?" in mail.text


def test_a_person_without_an_address_is_mailed_nothing(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=replace(SAM, person=a_person(email=None))))
    assert office.new_mail() == []


def test_the_online_link_is_for_those_with_a_seat(office: Office) -> None:
    link = "https://video.example/kamer"
    online = replace(MEETING, attendance_mode="online", venue=None, online_url=link)
    other = _other(online.id)
    office.tell(MeetingPublished(meeting=online))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(RegistrationWaitlisted(registration=replace(other, status="waitlisted", place=1)))
    office.tell(RegistrationRepeated(registration=replace(other, status="waitlisted", place=1)))
    mails = office.new_mail()
    assert len(mails) == 3
    (invited,) = [mail for mail in mails if mail.calendars]
    assert (invited.entry.location, link in invited.entry.description, link in invited.text) == (link, True, True)
    assert all(link not in mail.text + mail.html for mail in mails if mail != invited)
    office.tell(RegistrationCancelled(registration=CANCELLED))
    assert link not in office.one_mail().text


def test_news_that_comes_late_does_not_bring_back_an_old_state(office: Office) -> None:
    """Signed up, again, and off again: the first arrives last, and lets the second in when the third is known."""
    office.tell(MeetingPublished(meeting=MEETING))
    assert office.tell(RegistrationRepeated(registration=SAM), version=2) == "gap"
    office.tell(RegistrationCancelled(registration=CANCELLED), version=3)
    office.tell(RegistrationConfirmed(registration=SAM), version=1)
    assert [mail for mail in office.new_mail() if mail.calendars] == []


def test_of_a_mixed_meeting_each_gets_their_own_place(office: Office) -> None:
    link = "https://video.example/kamer"
    office.tell(MeetingPublished(meeting=replace(MEETING, attendance_mode="mixed", online_url=link)))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(RegistrationConfirmed(registration=replace(_other(MEETING.id), attendance="online")))
    assert {mail.entry.location for mail in office.new_mail()} == {link, "Stadhuis, Stadsplateau 1, 3521 AZ Utrecht"}


def test_after_the_meeting_nobody_is_told_anything(office: Office) -> None:
    _confirmed(office)
    office.clock.forward(days=30)
    office.tell(RegistrationCancelled(registration=CANCELLED))
    office.tell(MeetingCancelled(meeting=replace(MEETING, status="cancelled", revision=2)))
    assert office.new_mail() == []


def test_a_mail_carries_the_number_of_the_click_that_caused_it(office: Office) -> None:
    assert _confirmed(office).message["X-Correlation-Id"] == "a-story"


def test_who_reads_english_is_written_to_in_english(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=replace(SAM, person=a_person(language="en"))))
    mail = office.one_mail()
    assert mail.subject == "You have a seat: Buying sustainably together"
    assert "Thursday 10 June 2027, 14:00–17:00" in mail.text  # noqa: RUF001  # a dash between times
    assert mail.entry.summary == "Buying sustainably together"


def test_the_stamp_of_an_entry_rises_even_when_the_clock_steps_back(office: Office) -> None:
    first = _confirmed(office).entry
    office.clock.now -= timedelta(hours=1)
    office.tell(RegistrationCancelled(registration=CANCELLED))
    office.clock.forward(hours=2)
    assert office.one_mail().entry.stamped_at == first.stamped_at + timedelta(seconds=1)


def _confirmed(office: Office) -> Mail:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))
    return office.one_mail()


def _other(meeting_id: str) -> Registration:
    return a_registration(meeting_id=meeting_id, person=a_person(name="Ümit Öz", email="umit@provincie.example"))
