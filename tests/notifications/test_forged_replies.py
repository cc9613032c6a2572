"""Forged and broken answers: nothing changes, nothing fails, nothing is answered twice, and each is filed with why."""

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications import tables
from services.notifications.post.arrivals.desk import Desk
from services.notifications.post.arrivals.parse import parsed
from services.notifications.post.arrivals.verdicts import vouched_domain
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from tests.builders import a_meeting, a_registration
from tests.notifications.answering import NOON, answer, words
from tests.notifications.office import OURS, Mail, Office

MEETING = a_meeting()
LATER = NOON + timedelta(hours=1)
SAM = "sam@gemeente.example"
MALLORY = "mallory@evil.example"

Forgery = Callable[[Mail], bytes]


def _no(**changes: str) -> Forgery:
    return lambda mail: answer(mail, "DECLINED", at=LATER, **changes)


def _swapped(old: bytes, new: bytes) -> Forgery:
    """A real no, in which something was put in place of something else."""
    return lambda mail: answer(mail, "DECLINED", at=LATER).replace(old, new)


def _body(kind: str, body: bytes, *headers: str) -> Forgery:
    """A mail to the real address with one part."""

    def made(mail: Mail) -> bytes:
        head = [f"From: {SAM}", f"To: {mail.entry.organizer}", *headers, f"Content-Type: {kind}", "", ""]
        return "\r\n".join(head).encode() + body

    return made


def _calendar(lines: str, *headers: str, charset: str = "utf-8") -> Forgery:
    def made(mail: Mail) -> bytes:
        text = lines.replace("{uid}", mail.entry.uid).replace("\n", "\r\n")
        return _body(f"text/calendar; charset={charset}; method=REPLY", text.encode(), *headers)(mail)

    return made


_EVENT = "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20270301T120000Z\nATTENDEE;PARTSTAT=DECLINED:mailto:%s\nEND:VEVENT\n"
_REPLY = "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\n%sEND:VCALENDAR\n"
_NEST = b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1) for n in range(400))

OTHER_PEOPLE = [
    MALLORY,
    "sam@gemeente.example.evil.example",
    "sam@gemeente-example",
    "sam+@gemeente.example",
    "sam@gemeente.example@evil.example",
    "sam%40gemeente.example",
    "sam@gemeente.example?cc=mallory@evil.example",
    "\N{CYRILLIC SMALL LETTER DZE}am@gemeente.example",
    "",
    "mallory@evil.example,sam@gemeente.example",
]
"""In ATTENDEE, in place of the invited address."""

SENDERS = [
    MALLORY,
    f"{SAM}<{MALLORY}>",
    f'"{SAM}" <{MALLORY}>',
    f"{SAM}, {MALLORY}",
    f"=?utf-8?q?sam=40gemeente.example?= <{MALLORY}>",
    f"Sam <{SAM}>\r\nFrom: {MALLORY}",
]
"""In From; that of the invited person is as easily written."""

VERDICTS = [
    "elders.example; dmarc=pass header.from=gemeente.example",
    "kring.example.evil.example; dmarc=pass header.from=gemeente.example",
    "kring.example; dmarc=fail header.from=gemeente.example",
    "kring.example; dmarc=pass header.from=evil.example",
    "kring.example; spf=pass smtp.mailfrom=gemeente.example; dkim=pass header.d=gemeente.example",
    "kring.example; dmarc=fail (dmarc=pass header.from=gemeente.example)",
    "kring.example; spf=fail (sender (x) ; dmarc=pass header.from=gemeente.example ; y)",
    'kring.example; spf=fail smtp.mailfrom="a; dmarc=pass header.from=gemeente.example ;"@evil.example',
    "kring.example; dmarc=pass header.from=gemeente.example; dmarc=fail header.from=evil.example",
    "(kring.example) elders.example; dmarc=pass header.from=gemeente.example",
    "elders.example; dmarc=pass\r\nAuthentication-Results: kring.example; dmarc=pass header.from=gemeente.example",
    "kring.example; x-dmarc=pass header.from=gemeente.example",
    "kring.example; dmarc=pass header.from=gemeente.example header.from=evil.example",
    'kring.example; "dmarc=pass header.from=gemeente.example',
]
"""Of ours none says that the domain of the invited address passed; the last but one is none that we understand."""


def _forgeries() -> Iterator[tuple[str, Forgery]]:
    for person, sender, partstat in product(OTHER_PEOPLE, SENDERS, ("DECLINED", "TENTATIVE")):
        yield (
            f"{partstat} from {sender} as {person}",
            lambda mail, sender=sender, person=person, partstat=partstat: (  # type: ignore[misc]  # bound
                answer(mail, partstat, at=LATER, sender=MALLORY, ATTENDEE=f"mailto:{person}").replace(
                    f"From: {MALLORY}".encode(), f"From: {sender}".encode()
                )
            ),
        )
    for verdict, method in product(VERDICTS, ("REPLY", "COUNTER")):
        yield (
            f"verdict {verdict}",
            lambda mail, verdict=verdict, method=method: (  # type: ignore[misc]
                f"Authentication-Results: {verdict}\r\n".encode()
                + answer(mail, "DECLINED", at=LATER, sender=SAM, ATTENDEE=f"mailto:{MALLORY}", METHOD=method)
            ),
        )
    for method in ("REQUEST", "CANCEL", "PUBLISH", "ADD", "DECLINECOUNTER", "", "REPLYING"):
        yield f"method {method}", _no(METHOD=method)
    for uid in ("another@kring.example", "", "*", "%", "{uid}x", "' OR 1=1 --", "\x00", "x" * 5000):
        yield f"uid {uid[:20]}", _no(UID=uid)
    for token in (
        b"reply+a",
        b"reply-",
        b"bounce+x",
        b"reply+\xc4\xb1",
        b"reply+reply+",
        b"kring@kring.example,reply+=",
    ):
        yield f"token {token!r}", _swapped(b"reply+", token)
    for partstat in ("NEEDS-ACTION", "MAYBE", "", "COMPLETED", "DECLINED ACCEPTED"):
        yield f"partstat {partstat}", lambda mail, partstat=partstat: answer(mail, partstat, at=LATER)  # type: ignore[misc]
    yield "stale", lambda mail: answer(mail, "DECLINED", at=NOON - timedelta(days=1))
    yield "DTSTAMP in 1601", _no(DTSTAMP="16010101T000000Z")
    yield "DTSTAMP without sense", _no(DTSTAMP="99999999T999999Z", ATTENDEE=f"mailto:{MALLORY}")
    yield "two entries", _calendar(_REPLY % (_EVENT % SAM + _EVENT % MALLORY))
    yield "no entry", _calendar(_REPLY % "")
    yield "two calendars", _calendar(_REPLY % (_EVENT % SAM) + _REPLY % (_EVENT % SAM))
    yield "never closed", _calendar("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:{uid}\n")
    yield "deep", _calendar("BEGIN:VCALENDAR\nMETHOD:REPLY\n" + "BEGIN:VEVENT\nUID:{uid}\n" * 3000)
    yield "a task", _calendar((_REPLY % (_EVENT % SAM)).replace("VEVENT", "VTODO"))
    bomb = "RRULE:FREQ=SECONDLY;COUNT=999999999\nRDATE:" + "20270101T000000Z," * 9000 + "\n"
    yield "rule bomb", _calendar(_REPLY % (_EVENT % MALLORY).replace("END:VEVENT", bomb + "END:VEVENT"))
    yield "utf-7", _calendar("+AAA-BEGIN:VCALENDAR", charset="utf-7")
    for charset in ("nope", "utf-16", "idna", "zlib_codec", "\x00", '"'):
        yield f"charset {charset!r}", _body(f"text/calendar; charset={charset}", b"\xff\xfe\x00B\x00E\xff")
    for encoding in ("base64", "quoted-printable", "x-uuencode", "8bit\r\n\tx", "gzip"):
        garbage = (b"=ZZ=\r\n=\xff=0" * 50) + b"====A"
        yield f"encoding {encoding}", _body("text/calendar", garbage, f"Content-Transfer-Encoding: {encoding}")
    yield "10 MB", _body("text/calendar", b"x" * 72 + b"\r\n" * 5_000_000)
    yield "200 parts", _body("multipart/mixed; boundary=0", b"--0\r\nContent-Type: text/calendar\r\n\r\nx\r\n" * 200)
    yield "nested", _body("multipart/mixed; boundary=0", _NEST)
    yield "long type", _body('text/;;;="\\' * 3000, b"x")
    yield "headers", _body("text/calendar", b"x", *["X-A: b"] * 20_000)
    yield (
        "NUL",
        lambda mail: answer(mail, "DECLINED", ATTENDEE=f"mailto:{MALLORY}").replace(
            b"Subject: ", b"Subject: \x00\xff\xed\xa0\x80"
        ),
    )
    yield "injection", _body("text/calendar", b"x", "Subject: =?utf-8?q?a=0D=0ABcc:_v@x.nl?=")
    yield "no mail", lambda _mail: b"\xff\xfe\x00"
    yield "nothing", lambda _mail: b""
    inner = base64.encodebytes((_REPLY % (_EVENT % SAM)).encode())
    yield "enclosed", _body("message/rfc822", b"Content-Type: text/calendar\r\n\r\n" + inner)


FORGERIES = list(_forgeries())


def test_two_hundred_forged_and_broken_answers_change_nothing_and_are_filed_once(any_office: Office) -> None:
    office = any_office
    assert len(FORGERIES) >= 200
    desk = Desk(office.service.database, OURS, "kring.example")
    invited = _invited(office)
    (heard,) = desk.take_without_envelope(answer(invited, "ACCEPTED", at=NOON))
    assert (heard.outcome, heard.why) == ("acted", "accepted")
    before, moved = _invitation(office), []
    for name, forge in FORGERIES:
        source = forge(invited)
        filed = desk.take_without_envelope(source)
        assert filed, f"not filed: {name}"
        if desk.take_without_envelope(source) or any(each.choice and each.outcome == "acted" for each in filed):
            moved.append(name)
        if _invitation(office) != before:
            moved.append(name)
    assert moved == []
    told = [mail for mail in office.new_mail() if mail.message["To"].addresses[0].addr_spec == SAM]
    assert all(not mail.calendars for mail in told)
    assert [mail.subject for mail in told].count("Was u dit? Samen duurzaam inkopen") <= 1
    assert len(told) <= 2  # that question, and how a seat is handed over


@pytest.mark.parametrize("verdict", VERDICTS)
def test_only_a_verdict_of_our_own_mail_server_vouches_for_a_sender(verdict: str) -> None:
    assert vouched_domain(verdict.partition("\r\n")[0], "kring.example") != "gemeente.example"
    source = f"Authentication-Results: {verdict}\r\nFrom: {SAM}\r\n\r\n".encode()
    assert not parsed(source, "", "kring.example").is_authentic


@pytest.mark.parametrize(
    "verdict",
    [
        "kring.example; dmarc=pass (p=none dis=none) header.from=gemeente.example",
        "KRING.example 1; spf=fail smtp.mailfrom=x@y.nl;\r\n dmarc = pass header.from = Gemeente.Example",
        "kring.example (it's us); dmarc/1=pass header.from=gemeente.example",
    ],
)
def test_a_real_verdict_is_understood_however_it_is_written(verdict: str) -> None:
    source = f"Authentication-Results: {verdict}\r\nFrom: Sam <{SAM}>\r\n\r\n".encode()
    assert parsed(source, "", "kring.example").is_authentic


def test_odd_clocks_and_counts_are_still_answers_and_silence_no_later_one(office: Office) -> None:
    desk, invited = Desk(office.service.database, OURS, "kring.example"), _invited(office)
    odd = [{"SEQUENCE": "4000000000"}, {"DTSTAMP": "99981231T235959Z"}]
    for changes, partstat in zip(odd, ("DECLINED", "TENTATIVE"), strict=True):
        office.clock.forward(minutes=1)
        desk.take_without_envelope(answer(invited, partstat, at=office.clock.now, **changes))
        office.clock.forward(minutes=1)
        (filed,) = desk.take_without_envelope(answer(invited, "ACCEPTED", at=office.clock.now))
        assert filed.outcome == "acted"


def test_two_installations_that_mail_each_other_stop_after_two_mails(office: Office) -> None:
    desk, invited = Desk(office.service.database, OURS, "kring.example"), _invited(office)
    theirs = words(invited, "Uw bericht is ontvangen.", Auto_Submitted="auto-generated")
    said = [desk.take_without_envelope(theirs), desk.take_without_envelope(invited.source)]
    assert [each.outcome for filed in said for each in filed] == ["automatic", "refused"]
    assert office.new_mail() == []


def _invited(office: Office) -> Mail:
    office.tell(MeetingPublished(meeting=MEETING))
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id)))
    return office.one_mail()


def _invitation(office: Office) -> Any:
    with office.service.database.reading() as session:
        return session.execute(select(tables.invitation)).one()
