"""A meeting moves, changes its name, is called off: who is told, and what their calendars then hold."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.events.catalog import MeetingCancelled, MeetingChanged, MeetingPublished, Venue
from shared.events.registration import RegistrationCancelled, RegistrationConfirmed, RegistrationWaitlisted
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Entry, Mail, Office

MEETING = a_meeting()
SAM = a_registration(meeting_id=MEETING.id)
LATER = replace(MEETING, revision=2, starts_at=NOON + timedelta(hours=1))


def test_a_later_start_reaches_the_same_entry_and_shows_old_and_new(any_office: Office) -> None:
    first = _invited(any_office)
    any_office.tell(MeetingChanged(meeting=LATER, changed=("time",)))
    mail = any_office.one_mail()
    entry = mail.entry
    assert (entry.method, entry.uid, entry.organizer) == ("REQUEST", first.uid, first.organizer)
    assert (entry.sequence, entry.starts_at, entry.partstat) == (1, NOON + timedelta(hours=1), "NEEDS-ACTION")
    assert "14.00–17.00 uur → donderdag 10 juni 2027, 15.00–17.00 uur" in mail.text  # noqa: RUF001  # a dash between times
    assert "Kunt u nog komen?" in mail.text
    any_office.tell(MeetingChanged(meeting=LATER, changed=("time",)), version=2)
    any_office.tell(MeetingChanged(meeting=replace(LATER, revision=3), changed=("time",)))
    assert any_office.new_mail() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": {"nl": "Een andere naam"}}, "Titel: Samen duurzaam inkopen → Een andere naam"),
        ({"venue": Venue(name="Provinciehuis", city="Utrecht")}, "→ Provinciehuis, Utrecht"),
        ({"attendance_mode": "online", "online_url": "https://video.example/1"}, "3521 AZ Utrecht → online"),
    ],
)
def test_what_matters_goes_out(office: Office, change: dict[str, Any], says: str) -> None:
    _invited(office)
    office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, **change)))
    mail = office.one_mail()
    assert (mail.entry.sequence, says in mail.text) == (1, True)


def test_a_typo_or_more_seats_bother_nobody(office: Office) -> None:
    _invited(office)
    described = replace(MEETING, revision=2, description={"nl": "Nu zonder tikfout"}, summary={"nl": "Kort"})
    office.tell(MeetingChanged(meeting=described, changed=("text",)))
    assert office.new_mail() == []


def test_a_change_that_is_taken_back_before_it_left_was_never_there(office: Office) -> None:
    _invited(office)
    office.tell(MeetingChanged(meeting=LATER))
    office.tell(MeetingChanged(meeting=replace(MEETING, revision=3)))
    assert office.new_mail() == []


def test_two_changes_before_the_first_mail_leaves_are_one_invitation(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))
    office.tell(MeetingChanged(meeting=LATER))
    office.tell(MeetingChanged(meeting=replace(LATER, revision=3, title={"nl": "Een andere naam"})))
    entry = office.one_mail().entry
    assert (entry.sequence, entry.summary, entry.starts_at) == (0, "Een andere naam", NOON + timedelta(hours=1))


def test_why_it_changed_stands_in_the_mail_about_that_change_and_in_no_later_one(office: Office) -> None:
    _invited(office)
    office.tell(MeetingChanged(meeting=LATER, reason="De <trein> rijdt niet."))
    moved = office.one_mail()
    assert "De organisator zegt daarover: De <trein> rijdt niet.\n" in moved.text
    assert "De organisator zegt daarover: De &lt;trein&gt; rijdt niet.</p>" in moved.html
    assert "trein" not in moved.calendars[0].decode()
    renamed = replace(LATER, revision=3, title={"nl": "Een andere naam"})
    office.tell(MeetingChanged(meeting=renamed))
    assert "zegt daarover" not in office.one_mail().text

    office.tell(MeetingChanged(meeting=replace(renamed, revision=4, starts_at=NOON), reason="Toch wel."))
    there = Venue(name="Provinciehuis", city="Utrecht")
    office.tell(
        MeetingChanged(meeting=replace(renamed, revision=5, starts_at=NOON, venue=there), reason="Meer ruimte.")
    )
    both = office.one_mail().text  # the first had not left yet: this mail is about both changes
    assert both.index("zegt daarover: Toch wel.") < both.index("zegt daarover: Meer ruimte.")
    assert (both.count("15.00–17.00 uur → "), both.count("→ Provinciehuis")) == (1, 1)  # noqa: RUF001  # a dash


def test_an_older_revision_changes_nothing(office: Office) -> None:
    _invited(office)
    office.tell(MeetingChanged(meeting=LATER))
    office.new_mail()
    office.tell(MeetingChanged(meeting=MEETING))
    assert office.new_mail() == []


def test_calling_off_takes_entries_away_and_tells_who_waits_but_not_who_left(office: Office) -> None:
    first = _invited(office)
    ann = a_registration(meeting_id=MEETING.id, person=a_person(name="Ann", email="ann@waterschap.example"))
    bob = a_registration(meeting_id=MEETING.id, person=a_person(name="Bob", email="bob@provincie.example"))
    office.tell(RegistrationWaitlisted(registration=replace(ann, status="waitlisted", place=1)))
    office.tell(RegistrationConfirmed(registration=bob))
    office.new_mail()
    office.tell(RegistrationCancelled(registration=replace(bob, status="cancelled")))
    office.new_mail()
    off = replace(MEETING, status="cancelled", revision=2, cancelled_reason="De spreker is ziek.")
    office.tell(MeetingCancelled(meeting=off))
    told = {mail.message["To"].addresses[0].username: mail for mail in office.new_mail()}
    assert set(told) == {"sam", "ann"}
    assert all("afgelast" in mail.text and "De spreker is ziek." in mail.text for mail in told.values())
    assert (told["sam"].entry.method, told["sam"].entry.uid, told["sam"].entry.sequence) == ("CANCEL", first.uid, 1)
    assert told["ann"].calendars == []


def test_who_waits_is_not_bothered_by_a_new_time(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationWaitlisted(registration=replace(SAM, status="waitlisted", place=1)))
    office.new_mail()
    office.tell(MeetingChanged(meeting=LATER))
    assert office.new_mail() == []


def test_everybody_with_a_seat_is_told_in_a_mail_of_their_own(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    for number in range(12):
        person = a_person(name=f"Deelnemer {number}", email=f"p{number}@gemeente.example")
        office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
    first = _by_recipient(office.new_mail())
    office.tell(MeetingChanged(meeting=LATER))
    second = _by_recipient(office.new_mail())
    assert {to: mail.entry.uid for to, mail in first.items()} == {to: mail.entry.uid for to, mail in second.items()}
    assert len({mail.entry.uid for mail in second.values()}) == len({mail.entry.organizer for mail in second.values()})
    for to, mail in second.items():
        others = set(second) - {to}
        assert not [other for other in others if other.encode() in mail.source + mail.calendars[0]]


def _invited(office: Office) -> Entry:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))
    return office.one_mail().entry


def _by_recipient(mails: list[Mail]) -> dict[str, Mail]:
    found = {mail.message["To"].addresses[0].addr_spec: mail for mail in mails}
    assert len(found) == len(mails) == 12
    return found
