"""What a mail with an invitation looks like from outside, and that nothing typed can break out of its place."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from services.notifications.post.letters import Letter
from services.notifications.post.message import Headers, message
from services.notifications.post.mime import MailFaultError, Part, source_of, tokens
from services.notifications.rules.addresses import OurAddresses
from shared.calendar.validation import validate_output
from shared.events.catalog import Contact, MeetingPublished
from shared.events.registration import Person, RegistrationConfirmed
from tests.builders import NOON, a_meeting, a_person, a_registration
from tests.notifications.office import Mail, Office

MEETING = a_meeting()


def test_the_shape_that_calendar_programs_understand(office: Office) -> None:
    mail = _invited(office)
    shape = [
        (part.get_content_type(), part.get("Content-Transfer-Encoding"), part.get_filename())
        for part in mail.message.walk()
    ]
    assert shape == [
        ("multipart/mixed", None, None),
        ("multipart/alternative", None, None),
        ("text/plain", "base64", None),
        ("text/html", "base64", None),
        ("text/calendar", "base64", None),
        ("application/ics", "base64", "invite.ics"),
    ]
    inline, attached = list(mail.message.walk())[4:]
    assert dict(inline["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert inline["Content-Disposition"] == "inline"
    assert "method" not in attached["Content-Type"].params
    first, second = mail.calendars
    assert first == second
    validate_output(first)


def test_answers_come_back_to_an_address_that_nobody_can_guess(office: Office) -> None:
    mail = _invited(office)
    address = mail.message["Reply-To"].addresses[0].addr_spec
    assert address == mail.entry.organizer
    assert re.fullmatch(r"reply\+[a-z2-7]{42}@kring\.example", address)
    assert mail.message["From"] == "Kring <kring@kring.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"


def test_mails_about_one_registration_hang_together(office: Office) -> None:
    sam = a_registration(meeting_id=MEETING.id)
    mail = _invited(office, sam)
    assert mail.message["Message-ID"] == f"<invitation.{mail.entry.uid.removesuffix('@kring.example')}.0@kring.example>"
    assert mail.message["References"] == f"<{sam.id}@kring.example>"


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?x=0D=0ABcc:_v@x.nl?=",
        "Sam\r\nBcc: v@x.nl",
        'Sam" <v@x.nl>, "Jansen',
        "Sam,Jansen;:<>@[]()\\",
        "Ä" * 300,
    ],
)
def test_a_name_never_becomes_a_header_or_an_address(office: Office, name: str) -> None:
    mail = _invited(office, a_registration(meeting_id=MEETING.id, person=a_person(name=name)))
    plain = message_from_bytes(mail.source)
    assert "Bcc" not in plain
    assert len(plain.get_all("To", [])) == 1
    assert [address.addr_spec for address in mail.message["To"].addresses] == ["sam@gemeente.example"]


INTENDED = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Correlation-Id", "Reply-To", "References"),
    *("MIME-Version", "Content-Type"),
]
HOSTILE = [
    "=?utf-8?q?x=0D=0ABcc:_v@x.nl?=",
    "=?utf-8?b?eA0KQmNjOiB2QHgubmw=?=",
    "=?utf-8?q?=22?= <v@x.nl>, =?utf-8?q?=22?=",
    "=?iso-2022-jp?b?GyRCJSIbKEI=?=\u0085\u2028Bcc: v@x.nl",
    "Sam\r\nBcc: v@x.nl\r\n\r\n--=_kring_mixed\r\nContent-Type: text/html\r\n\r\n<script>",
    "--=_kring_alternative--",
    "x" * 2000,
    "Ä=?" * 200,
    "; method=CANCEL",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_people_type_the_headers_and_parts_are_those_we_meant(text: str) -> None:
    """As three readers see it: the old parser, the new one, and the bytes themselves."""
    headers = Headers(
        sender="kring@kring.example",
        sender_name=text,
        recipient="sam@gemeente.example",
        recipient_name=text,
        reply_to="reply+x@kring.example",
        message_id="<x@kring.example>",
        thread="<y@kring.example>",
        correlation_id="z",
        sent_at=NOON,
    )
    source = message(headers, Letter(text, text, text))
    plain, modern = message_from_bytes(source), message_from_bytes(source, policy=default)
    assert plain.keys() == modern.keys() == INTENDED
    head = source.partition(b"\r\n\r\n")[0]
    assert [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] != b" "] == INTENDED
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert [part.get_content_type() for part in modern.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert [part.get_content().rstrip("\n") for part in modern.iter_parts()] == [text, text]
    for name, address in (("From", "kring@kring.example"), ("To", "sam@gemeente.example")):
        assert [each.addr_spec for each in modern[name].addresses] == [address]


def test_what_cannot_stand_in_a_header_of_ours_is_not_written() -> None:
    with pytest.raises(MailFaultError):
        source_of([("Message-ID", tokens("<x>\r\nBcc: v@x.nl"))], [])
    with pytest.raises(MailFaultError):
        source_of([("Subject", "x\r\nBcc: v@x.nl")], [Part("text/plain", b"x")])


@pytest.mark.parametrize(
    "person",
    [
        a_person(name="Sam\x00\x1b\u2028Bcc: v@x.nl"),
        a_person(email="sam@gemeente.example<v@x.nl>"),
        a_person(email="sam@gemeente.example, v@x.nl"),
        a_person(email="jörg@gemeente.example"),
        a_person(email="sam"),
    ],
)
def test_what_cannot_be_written_fails_alone_and_is_seen(office: Office, person: Person) -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
    ann = a_registration(meeting_id=MEETING.id, person=a_person(email="ann@gemeente.example"))
    office.tell(RegistrationConfirmed(registration=ann))
    assert office.one_mail().message["To"].addresses[0].addr_spec == "ann@gemeente.example"
    assert office.statuses() == ["failed", "sent"]


def test_a_title_with_a_line_break_never_becomes_a_header(office: Office) -> None:
    office.tell(MeetingPublished(meeting=replace(MEETING, title={"nl": "=?utf-8?q?x=0D=0ABcc:_v@x.nl?="})))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    mail = office.one_mail()
    assert "Bcc" not in message_from_bytes(mail.source)
    assert mail.entry.summary == "=?utf-8?q?x=0D=0ABcc:_v@x.nl?="


def test_html_typed_by_people_is_shown_as_typed(office: Office) -> None:
    mail = _invited(office, a_registration(meeting_id=MEETING.id, person=a_person(name="<b>Sam</b> {{ 7 }} %(x)s")))
    assert "Beste &lt;b&gt;Sam&lt;/b&gt; {{ 7 }} %(x)s," in mail.html
    assert "Beste <b>Sam</b> {{ 7 }} %(x)s," in mail.text


def test_an_organiser_without_a_name_still_makes_a_valid_invitation(office: Office) -> None:
    office.tell(MeetingPublished(meeting=replace(MEETING, organiser=Contact(email="noor@kring.example"))))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    validate_output(office.one_mail().calendars[0])


def test_an_internationalised_domain_is_written_so_that_every_server_takes_it(office: Office) -> None:
    mail = _invited(office, a_registration(meeting_id=MEETING.id, person=a_person(email="Sam+kring@Café.example")))
    assert mail.message["To"].addresses[0].addr_spec == "Sam+kring@xn--caf-dma.example"


def test_two_tokens_are_never_alike_and_leave_room_in_the_address() -> None:
    ours = OurAddresses("kring.example", "reply+{token}@kring.example", ("k" * 40,))
    tokens = {ours.new_token(bytes([number]) * 10) for number in range(100)}
    assert len(tokens) == 100
    assert all(len(ours.reply_to(token).partition("@")[0]) <= 64 for token in tokens)
    with pytest.raises(ValueError, match="longer than 64"):
        OurAddresses("kring.example", "a-long-way-to-say-reply+{token}@kring.example", ("k",)).reply_to("a" * 42)


def _invited(office: Office, registration: object = None) -> Mail:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=registration or a_registration(meeting_id=MEETING.id)))  # type: ignore[arg-type]  # a registration
    return office.one_mail()
