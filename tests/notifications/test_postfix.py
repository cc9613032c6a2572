"""A real mail server between us and the world: what it delivers, and what it sends back."""

import os

import pytest

from services.notifications.post.arrivals.desk import Desk
from services.notifications.queries import is_bounced
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.office import OURS, Mail, Office
from tests.notifications.postfix import a_postfix
from tests.notifications.sink import a_sink
from tests.waiting import eventually

GONE = "weg@gemeente.example"


@pytest.mark.skipif(os.geteuid() != 0, reason="Postfix starts as root only")
def test_postfix_delivers_what_we_wrote_and_its_report_on_the_rest_finds_the_address(office: Office) -> None:
    meeting = a_meeting()
    with a_sink() as world, a_postfix(world.url) as url:
        world.refuses = {GONE}
        office = office.again(mail_url=url)
        office.tell(MeetingPublished(meeting=meeting))
        office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id)))
        gone = a_registration(meeting_id=meeting.id, person=a_person(email=GONE))
        office.tell(RegistrationConfirmed(registration=gone))
        office.post()
        assert office.statuses() == ["sent", "sent"]
        eventually(lambda: len(world.received) == 2)

    (mail,) = [each for each in world.received if each.rcpt_tos == ["sam@gemeente.example"]]
    (report,) = [each for each in world.received if each is not mail]
    arrived = Mail("", mail.content)
    assert mail.mail_from == f"bounce+{arrived.entry.organizer.removeprefix('reply+')}"
    assert arrived.entry.method == "REQUEST"
    assert report.mail_from == "<>"
    filed = Desk(office.service.database, OURS, "kring.example").take(report.content, report.rcpt_tos[0])
    assert filed
    assert filed.outcome == "bounced"
    assert office.statuses() == ["sent", "bounced"]
    with office.service.database.reading() as session:
        assert is_bounced(session, GONE)
        assert not is_bounced(session, "sam@gemeente.example")
