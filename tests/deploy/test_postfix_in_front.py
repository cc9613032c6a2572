"""The lines of docs/operations.md for a Postfix in front of us, in a Postfix: answers come in, all else is refused."""

import os
import smtplib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from services.notifications import tables
from services.notifications.post.arrivals.listener import Listener
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from tests.builders import a_meeting, a_registration
from tests.grounds import Embedded
from tests.notifications.answering import answer
from tests.notifications.office import Clock, Office
from tests.notifications.postfix import a_postfix
from tests.waiting import eventually

OPERATIONS = Path(__file__).parents[2] / "docs/operations.md"
NOWHERE = "smtp://127.0.0.1:9"


@pytest.fixture
def office(embedded: Embedded, tmp_path: Path) -> Iterator[Office]:
    """It listens for a mail server."""
    url = embedded.database_url("notifications")
    folder, listens = tmp_path / "mail", "lmtp://127.0.0.1:0"
    with closing(Office(url, embedded.broker_url, folder, Clock(), replies_url=listens)) as office:
        yield office


@pytest.mark.skipif(os.geteuid() != 0, reason="Postfix starts as root only")
def test_postfix_hands_answers_over_and_knows_which_addresses_there_are(office: Office) -> None:
    meeting = a_meeting()
    office.tell(MeetingPublished(meeting=meeting))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id)))
    office.post()
    (invitation,) = office.all_mail()
    door = office.service.worker.part("replies")
    assert isinstance(door, Listener)
    door.pulse()
    with closing(door), a_postfix(NOWHERE, _documented(door.port)) as url, smtplib.SMTP(url[7:], timeout=60) as world:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            world.sendmail("someone@elsewhere.example", ["reply+made-up@kring.example"], b"Subject: hello\r\n\r\n")
        assert [code for code, _ in refused.value.recipients.values()] == [550]
        organizer = invitation.entry.organizer
        world.sendmail("sam@gemeente.example", [organizer], answer(invitation, "DECLINED"))
        eventually(lambda: _filed(office) == [("acted", "declined")])


def _filed(office: Office) -> list[tuple[str, str]]:
    mail = tables.incoming_mail.c
    with office.service.database.reading() as session:
        return [(row.outcome, row.why) for row in session.execute(select(mail.outcome, mail.why))]


def _documented(port: int) -> str:
    """What the document says to write in ``main.cf``, for our port and domain."""
    lines = OPERATIONS.read_text().partition("# main.cf\n")[2].partition("```")[0]
    assert "lmtp:inet:127.0.0.1:2424" in lines
    return lines.replace("127.0.0.1:2424", f"127.0.0.1:{port}").replace("agenda.kring.example", "kring.example")
