# ruff: noqa: RUF001  # people type curly quotes
"""What other people's calendar programs read in the mails as they lie in the folder."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.events.catalog import Contact, MeetingChanged, MeetingPublished, Venue
from shared.events.registration import RegistrationCancelled, RegistrationConfirmed
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Office
from tests.shared.calendar.judges import JUDGES, Reading, judge_all

AWKWARD = a_meeting(
    title={"nl": 'Één dag: "groen", rood; ja 🌍'},
    venue=Venue(name="’t Huis, zaal 3; achterom", address="Löweplein 1", postal_code="9401 AA", city="Assen"),
    organiser=Contact(name='Noor "de" Vries, MVI', email="noor@kring.example"),
)
SAM = a_registration(meeting_id=AWKWARD.id, person=a_person(name="Şam, O’Neill; “x”"))


@pytest.mark.parametrize(
    "starts_at", [NOON, datetime(2027, 10, 30, 12, tzinfo=UTC), datetime(2027, 10, 31, 12, tzinfo=UTC)]
)
def test_every_program_reads_the_whole_story_as_we_mean_it(office: Office, starts_at: datetime) -> None:
    meeting = replace(AWKWARD, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    office.tell(MeetingPublished(meeting=meeting))
    office.tell(RegistrationConfirmed(registration=SAM))
    invited = office.one_mail()
    expected = Reading(
        method="REQUEST",
        uid=invited.entry.uid,
        sequence=0,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        summary=meeting.title["nl"],
        description=invited.entry.description,
        location="’t Huis, zaal 3; achterom, Löweplein 1, 9401 AA Assen",
        status="CONFIRMED",
        attendee="sam@gemeente.example",
        partstat="NEEDS-ACTION",
    )
    assert judge_all(invited.calendars[0]) == {judge: [expected] for judge in JUDGES}
    assert "Weiger dan en kies 'Antwoord verzenden'." in expected.description

    later = replace(meeting, revision=2, starts_at=starts_at + timedelta(minutes=30))
    office.tell(MeetingChanged(meeting=later))
    moved = replace(expected, sequence=1, starts_at=later.starts_at)
    assert judge_all(office.one_mail().calendars[0]) == {judge: [moved] for judge in JUDGES}

    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    gone = office.one_mail()
    cancelled = replace(moved, method="CANCEL", sequence=2, status="CANCELLED", description=gone.entry.description)
    assert judge_all(gone.calendars[0]) == {judge: [cancelled] for judge in JUDGES}
