"""Mail comes in at a door: a mail server hands it over (SMTP, LMTP), or a mailbox is looked into (IMAP)."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from imaplib import IMAP4
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from services.notifications import tables
from services.notifications.post.arrivals.listener import Listener
from services.notifications.post.arrivals.mailbox import EVERY
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.answering import answer
from tests.notifications.dovecot import a_dovecot
from tests.notifications.office import Mail, Office

MEETING = a_meeting()


class Door(smtplib.SMTP):
    """A mail server that has mail for us, on the wire."""

    def hand_over(self, source: bytes, *recipients: str, sender: str = "sam@gemeente.example") -> tuple[int, bytes]:
        """What is said at the end; the recipients that are not taken are passed over."""
        self.mail(sender)
        if not any([self.rcpt(recipient)[0] == 250 for recipient in recipients]):  # noqa: C419  # all are asked
            self.rset()
            return (550, b"")
        return self.data(source)


class LmtpDoor(smtplib.LMTP, Door):
    """The same, with an answer for each recipient."""


@pytest.fixture
def listening(any_office: Office) -> Iterator[Callable[[str], tuple[Office, Any]]]:
    """Open the door of a kind: the process that listens, and a connection to it."""
    opened: list[Any] = []

    def listen(kind: str) -> tuple[Office, Any]:
        office = any_office.again(replies_url=f"{kind}://127.0.0.1:0")
        part = office.service.worker.part("replies")
        assert isinstance(part, Listener)
        part.pulse()
        door = (LmtpDoor if kind == "lmtp" else Door)("127.0.0.1", part.port, timeout=20)
        door.ehlo()
        opened.extend((door, part))
        return office, door

    yield listen
    for each in opened:
        with suppress(OSError, smtplib.SMTPException):
            each.close()


@pytest.mark.parametrize("kind", ["smtp", "lmtp"])
def test_a_mail_server_is_told_that_a_mail_is_taken_once_it_is_stored(listening: Any, kind: str) -> None:
    office, door = listening(kind)
    sam, robin = _invited(office, "sam"), _invited(office, "robin")
    no = answer(sam, "DECLINED")

    assert door.hand_over(no, sam.entry.organizer)[0] == 250
    assert _filed(office) == [("acted", "declined")]
    assert door.hand_over(no, sam.entry.organizer)[0] == 250  # its server had not heard us, and comes again
    assert _filed(office) == [("acted", "declined")]

    both = answer(robin, "ACCEPTED")
    said = door.hand_over(both, sam.entry.organizer, robin.entry.organizer)
    assert said[0] == 250
    assert sorted(_filed(office)[1:]) == [("acted", "accepted"), ("refused", "other-uid")]


def test_only_addresses_that_we_signed_are_there(listening: Any) -> None:
    office, door = listening("smtp")
    sam = _invited(office, "sam")
    real = sam.entry.organizer
    wrong = [
        "info@kring.example",
        "kring@kring.example",
        real.replace("reply+", "reply+a"),
        real.replace("reply+", "bounce+a"),
        real.replace("kring.example", "elders.example"),
        f"{real[: real.index('@') - 1]}@kring.example",
    ]
    assert [door.hand_over(answer(sam, "DECLINED"), address)[0] for address in wrong] == [550] * len(wrong)
    assert door.hand_over(b"Subject: \r\n\r\n", real.upper(), sender="")[0] == 250
    assert _filed(office) == [("automatic", "delivery-report")]


def test_what_cannot_be_taken_stays_with_the_sender(listening: Any) -> None:
    office, door = listening("lmtp")
    sam = _invited(office, "sam")
    real = sam.entry.organizer
    assert b"2000000" in door.esmtp_features["size"].encode()
    large = answer(sam, "DECLINED") + b"0123456789\r\n" * 200_000
    assert door.hand_over(large, real, real)[0] == 552
    assert door.getreply()[0] == 552  # the second recipient's
    with _without_room(office):
        assert door.hand_over(answer(sam, "DECLINED"), real)[0] == 451
    assert door.hand_over(answer(sam, "DECLINED"), real)[0] == 250
    assert _filed(office) == [("acted", "declined")]


def test_a_mailbox_is_emptied_every_few_seconds_by_one_of_those_who_look(any_office: Office) -> None:
    with a_dovecot() as server:
        office = any_office.again(replies_url=server.url)
        sam = _invited(office, "sam")
        server.put(answer(sam, "ACCEPTED"))
        server.put(b"Subject: nothing for us\r\n\r\n")
        _look(office)
        assert sorted(_filed(office)) == [("acted", "accepted"), ("refused", "no-token")]
        assert _look(office) == 0
        assert [server.count(folder) for folder in ("INBOX", "Kring-read", "Kring-refused")] == [0, 1, 1]

        server.put(answer(sam, "DECLINED"))
        spare = any_office.again(replies_url=server.url)
        assert (_look(office), _look(spare)) == (0, 0)  # it is not time yet; the other one is at it
        office.clock.forward(seconds=EVERY.total_seconds())
        assert (_look(spare), _look(office)) == (0, 1)
        office.clock.forward(minutes=5)
        server.put(answer(sam, "DECLINED", COMMENT="nog eens"))
        assert _look(spare) == 1


def test_what_was_filed_and_not_moved_is_known_and_a_broken_line_heals(any_office: Office) -> None:
    with a_dovecot() as server:
        office = any_office.again(replies_url=server.url)
        sam = _invited(office, "sam")
        assert _look(office) == 0
        no = answer(sam, "DECLINED")
        office.service.worker.part("replies").desk.take_without_envelope(no)  # type: ignore[attr-defined]  # and died
        server.put(no)
        server.kill()
        office.clock.forward(seconds=EVERY.total_seconds())
        with pytest.raises((IMAP4.abort, OSError)):  # the end of the line or a reset; the worker's loop tries again
            _look(office)
        server.process.start()
        office.clock.forward(seconds=EVERY.total_seconds())
        assert _look(office) == 1
        assert _filed(office) == [("acted", "declined")]
        assert (server.count("INBOX"), server.count("Kring-read")) == (0, 1)


def test_one_mail_that_cannot_be_stored_holds_up_no_other(office: Office) -> None:
    with a_dovecot() as server, closing(office.again(replies_url=server.url)) as looking:
        sam = _invited(looking, "sam")
        _execute(looking, _REFUSE)
        server.put(answer(sam, "ACCEPTED").replace(b"Subject: ", b"Subject: poison "))
        server.put(answer(sam, "ACCEPTED"))
        assert _look(looking) == 1
        assert (server.count("INBOX"), _filed(looking)) == (1, [("acted", "accepted")])
        with pytest.raises(IntegrityError):
            _look(looking)
        _execute(looking, "DROP TRIGGER refuse")
        looking.clock.forward(seconds=EVERY.total_seconds())
        assert _look(looking) == 1
        assert _filed(looking) == [("acted", "accepted"), ("idle", "repeated")]


_REFUSE = """CREATE TRIGGER refuse BEFORE INSERT ON incoming_mail WHEN NEW.subject LIKE 'poison%'
    BEGIN SELECT RAISE(ABORT, 'cannot be stored'); END"""


def _invited(office: Office, name: str) -> Mail:
    """The mail with the invitation of somebody who signed up."""
    person = a_person(name=name, email=f"{name}@gemeente.example")
    office.tell(MeetingPublished(meeting=MEETING), 1)
    office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))
    return office.one_mail()


def _look(office: Office) -> int:
    return office.service.worker.part("replies").pulse()


def _filed(office: Office) -> list[tuple[str, str]]:
    mail = tables.incoming_mail
    with office.service.database.reading() as session:
        rows = session.execute(select(mail.c.outcome, mail.c.why).order_by(mail.c.id)).all()
    return [(row.outcome, row.why) for row in rows]


@contextmanager
def _without_room(office: Office) -> Iterator[None]:
    """While the table is away in which mail is filed."""
    _execute(office, "ALTER TABLE incoming_mail RENAME TO elsewhere")
    yield
    _execute(office, "ALTER TABLE elsewhere RENAME TO incoming_mail")


def _execute(office: Office, statement: str) -> None:
    with office.service.database.begin() as tx:
        tx.session.execute(text(statement))
