"""What other people's programs read in our invitations and feeds."""

from dataclasses import replace

import pytest

from shared.calendar.entry import Status, vevent
from shared.calendar.feed import single
from shared.calendar.scheduling import Partstat
from tests.shared.calendar.examples import (
    JAN,
    MEETING,
    a_cancellation,
    a_feed,
    a_meeting,
    a_public_meeting,
    a_request,
)
from tests.shared.calendar.judges import JUDGES, Reading, judge_all

INVITATION = Reading(
    method="REQUEST",
    uid=MEETING.uid,
    sequence=2,
    starts_at=MEETING.starts_at,
    ends_at=MEETING.ends_at,
    summary=MEETING.summary,
    description=MEETING.description,
    location=MEETING.location,
    status="CONFIRMED",
    attendee=JAN.address,
    partstat="NEEDS-ACTION",
    geo=MEETING.geo,
)


def test_every_program_reads_the_invitation_as_we_mean_it() -> None:
    assert judge_all(a_request()) == {judge: [INVITATION] for judge in JUDGES}


def test_every_program_reads_that_the_invited_person_had_accepted() -> None:
    accepted = a_request(attendee=replace(JAN, partstat=Partstat.ACCEPTED))
    assert judge_all(accepted) == {judge: [replace(INVITATION, partstat="ACCEPTED")] for judge in JUDGES}


def test_every_program_reads_the_cancellation_as_we_mean_it() -> None:
    cancellation = replace(INVITATION, method="CANCEL", status="CANCELLED", partstat="ACCEPTED", sequence=3, geo=None)
    assert judge_all(a_cancellation(a_meeting(sequence=3))) == {judge: [cancellation] for judge in JUDGES}


def test_every_program_reads_all_meetings_of_a_feed_and_nobody_in_them() -> None:
    entries = [
        a_public_meeting(uid=f"{number:03}@kring.example", summary=f"Bijeenkomst {number}, Assen")
        for number in range(200)
    ]
    entries[7] = replace(entries[7], status=Status.CANCELLED, sequence=4)
    expected = [
        replace(
            INVITATION,
            method=None,
            uid=entry.uid,
            sequence=entry.sequence,
            summary=entry.summary,
            description=entry.description,
            status=entry.status.value,
            attendee=None,
            partstat=None,
        )
        for entry in entries
    ]
    assert judge_all(a_feed(*entries)) == dict.fromkeys(JUDGES, expected)


def test_an_empty_feed_is_a_calendar_for_every_program() -> None:
    assert judge_all(a_feed()) == {judge: [] for judge in JUDGES}


def test_the_file_of_a_page_invites_nobody() -> None:
    for judge, (reading,) in judge_all(single(vevent(a_public_meeting()))).items():
        assert (reading.method, reading.attendee, reading.summary) == (None, None, MEETING.summary), judge


@pytest.mark.parametrize(
    "summary",
    [
        'Overleg "warmte": 50% korting; ja, echt',
        "ÀÉÎõü ß Ĳ Ŀ — “aanhaling” €",  # typographers' quotes
        "👩‍👩‍👧 gezin, 🇳🇱 vlag, " + "🌡️" * 40,
        "=?utf-8?q?x=0D=0ABcc:_v@x.example?=",
        "<b>geen</b> &amp; {naam} %s ${x} ^n ^'",
        r"C:\Nieuw\net\;pad\, en \\server",
        "BEGIN:VALARM END:VEVENT ATTENDEE:mailto:x@evil.example",
    ],
)
def test_every_program_shows_the_title_as_it_was_typed(summary: str) -> None:
    for judge, (reading,) in judge_all(a_request(a_meeting(summary=summary))).items():
        assert reading.summary == summary, judge
