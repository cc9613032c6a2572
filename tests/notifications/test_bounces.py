"""An address where mail does not arrive: how we learn of it, who is told, and how it is forgotten."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications import tables
from services.notifications.actions.note_bounce import Noted, note_bounce
from services.notifications.queries import is_bounced
from services.notifications.rules.delivery_reports import DeliveryReport, delivery_report
from shared.events.catalog import MeetingChanged, MeetingPublished
from shared.events.registration import RegistrationCancelled, RegistrationConfirmed, RegistrationWaitlisted
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.office import Office
from tests.notifications.sink import a_sink

MEETING = a_meeting()
SAM = a_registration(meeting_id=MEETING.id)
LOST = DeliveryReport("failed", "5.1.1")


def test_who_is_refused_for_good_is_told_of_and_a_mail_that_is_taken_restores_it(any_office: Office) -> None:
    with a_sink() as sink:
        office = any_office.again(mail_url=sink.url)
        sink.answers = ["550 nobody here"]
        _invite(office)
        office.post()
        assert _is_bounced(office)
        (bounced,) = _told(office, "address.bounced")
        assert bounced["registrationIds"] == [SAM.id]

        office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, title={"nl": "Anders"})))
        office.post()
        (restored,) = _told(office, "address.restored")
        assert (restored["addressId"], restored["registrationIds"]) == (bounced["addressId"], [SAM.id])
        assert not _is_bounced(office)


def test_a_mail_that_comes_back_marks_the_address_once_and_every_sign_up_with_it(any_office: Office) -> None:
    office = any_office
    _invite(office)
    office.post()
    assert [_report(office, LOST) for _ in range(2)] == ["marked", "marked"]
    assert office.statuses() == ["bounced"]
    other = replace(SAM, id="another", person=a_person(email="SAM@gemeente.example"), companion=2)
    office.tell(RegistrationConfirmed(registration=other))
    told = _told(office, "address.bounced")
    assert [sorted(each["registrationIds"]) for each in told] == [[SAM.id], sorted([SAM.id, other.id])]
    assert told[0]["since"] == told[1]["since"]


def test_a_mail_that_was_taken_may_still_come_back_for_a_day(office: Office) -> None:
    """Our server takes everything: that alone does not say that the address works again."""
    _invite(office)
    office.post()
    _report(office, LOST)
    office.tell(MeetingChanged(meeting=replace(MEETING, revision=2, title={"nl": "Anders"})))
    office.post()
    office.clock.forward(hours=23)
    office.due()
    assert _is_bounced(office)
    _report(office, LOST)
    office.clock.forward(days=2)
    office.due()
    assert _is_bounced(office)
    office.tell(MeetingChanged(meeting=replace(MEETING, revision=3, title={"nl": "Weer anders"})))
    office.post()
    office.clock.forward(days=1)
    office.due()
    assert not _is_bounced(office)
    assert len(_told(office, "address.restored")) == 1


@pytest.mark.parametrize(
    ("report", "noted", "status"),
    [
        (DeliveryReport("delayed", "4.4.1"), "nothing", "sent"),
        (DeliveryReport("relayed", "2.0.0"), "nothing", "sent"),
        (DeliveryReport("failed", "4.4.7"), "lost", "bounced"),
    ],
)
def test_a_delay_is_no_loss_and_one_lost_mail_is_no_lost_address(
    office: Office, report: DeliveryReport, noted: Noted, status: str
) -> None:
    _invite(office)
    office.post()
    assert _report(office, report) == noted
    assert office.statuses() == [status]
    assert not _is_bounced(office)


def test_a_server_that_says_it_arrived_restores_the_address(office: Office) -> None:
    _invite(office)
    office.post()
    _report(office, LOST)
    assert _report(office, DeliveryReport("delivered", "2.1.5")) == "arrived"
    assert not _is_bounced(office)


def test_who_acts_by_the_link_in_a_mail_has_read_it_and_who_signs_up_anew_has_not(office: Office) -> None:
    waiting = replace(SAM, status="waitlisted", place=1)
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationWaitlisted(registration=waiting))
    office.post()
    _report(office, LOST)
    office.tell(RegistrationConfirmed(registration=replace(SAM, cause="system")))
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled", cause="organiser")))
    office.tell(RegistrationConfirmed(registration=SAM))
    assert _is_bounced(office)
    office.tell(RegistrationCancelled(registration=replace(SAM, status="cancelled")))
    assert not _is_bounced(office)


def test_nobody_is_marked_by_a_token_that_we_never_gave(office: Office) -> None:
    _invite(office)
    office.post()
    with office.service.database.begin() as tx:
        assert note_bounce(tx, "a" * 42, LOST) == "unknown"
        assert note_bounce(tx, "", LOST) == "unknown"


def test_every_mail_to_a_person_names_its_recipient_in_the_envelope(office: Office) -> None:
    with a_sink() as sink:
        office = office.again(mail_url=sink.url)
        office.tell(MeetingPublished(meeting=MEETING))
        office.tell(RegistrationWaitlisted(registration=replace(SAM, status="waitlisted", place=1)))
        office.post()
        token = sink.received[0].mail_from.removeprefix("bounce+").removesuffix("@kring.example")
        with office.service.database.begin() as tx:
            assert note_bounce(tx, token, LOST) == "marked"
        assert _is_bounced(office)


def a_report(fields: bytes, about: bytes = b"") -> EmailMessage:
    """A delivery report as mail servers write it: in words, for programs, and with what it is about."""
    source = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\n\r\nUw bericht kon niet worden bezorgd.\r\n"
        b"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n" + fields + b"\r\n"
    )
    return message_from_bytes(source + about + b"--x--\r\n", policy=default)


WHOLE = b"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a.b@kring.example>\r\nSubject: x\r\n\r\nhoi\r\n"
HEADERS = b"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID:\r\n <a.b@kring.example>\r\n\r\n"
POSTFIX = (
    b"Final-Recipient: rfc822; sam@gemeente.example\r\nOriginal-Recipient: rfc822;sam@gemeente.example\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <sam@gemeente.example>: unknown\r\n"
)


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (a_report(POSTFIX, WHOLE), DeliveryReport("failed", "5.1.1", "<a.b@kring.example>")),
        (a_report(POSTFIX, HEADERS), DeliveryReport("failed", "5.1.1", "<a.b@kring.example>")),
        (
            a_report(b"Action: Failed (gone)\r\nStatus: 5.2.1 (full)\r\n"),
            replace(LOST, status="5.2.1"),
        ),
        (a_report(b"Action: failed\r\nStatus: unknown\r\n"), replace(LOST, status="5.0.0")),
        (a_report(b"Action: delayed\r\nStatus: 4.4.1\r\n"), DeliveryReport("delayed", "4.4.1")),
        (a_report(b"Action: delivered\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"), LOST),
        (a_report(b"Action: exploded\r\n"), None),
        (a_report(b""), None),
        (message_from_bytes(b"Subject: Undelivered Mail\r\n\r\nStatus: 5.1.1\r\n", policy=SMTP), None),
        (message_from_bytes(b"Content-Type: multipart/report\r\n\r\nno parts\r\n", policy=SMTP), None),
    ],
)
def test_delivery_reports_as_servers_write_them(mail: EmailMessage, expected: DeliveryReport | None) -> None:
    assert delivery_report(mail) == expected


def _invite(office: Office) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=SAM))


def _report(office: Office, report: DeliveryReport) -> Noted:
    """Somebody's server reports to the envelope sender of the newest mail about Sam's registration."""
    mail = tables.outgoing_mail
    with office.service.database.begin() as tx:
        token = tx.session.scalars(select(mail.c.token).order_by(mail.c.id.desc())).first()
        return note_bounce(tx, token or "", report)


def _is_bounced(office: Office) -> bool:
    with office.service.database.reading() as session:
        return is_bounced(session, "Sam@Gemeente.example")


def _told(office: Office, name: str) -> list[dict[str, Any]]:
    outbox = office.service.database.flow.outbox
    with office.service.database.reading() as session:
        rows = session.execute(outbox.select().order_by(outbox.c.position)).all()
    return [row.payload for row in rows if row.type == name]
