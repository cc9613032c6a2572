"""Mail servers as they are: slow, silent, gone, in a hurry, of two minds. Every mail is delivered or explained."""

import random
from collections import Counter
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications import tables
from services.notifications.post.outlet import AwayError, Envelope, NobodyThereError, NotNowError, RefusedError
from services.notifications.post.sender import Sender
from services.notifications.post.smtp import Smtp
from services.notifications.rules.retry import AT_ONCE
from shared.events.catalog import MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.web.access import SIGN_IN_COOKIE
from tests.builders import a_meeting, a_person, a_registration
from tests.notifications.office import BEFORE, Mail, Office
from tests.notifications.sink import DRIP, HANG_UP, SILENCE, a_boor, a_sink

MEETING = a_meeting()
SAM = Envelope("bounce+x@kring.example", "sam@gemeente.example")
SOURCE = b"Subject: hoi\r\n\r\n.hoi\r\n"


@pytest.mark.parametrize(
    ("rude", "error"),
    [
        ({"greeting": [SILENCE]}, AwayError),
        ({"greeting": [DRIP]}, AwayError),
        ({"greeting": [HANG_UP]}, AwayError),
        ({"greeting": ["554 no service"]}, AwayError),
        ({"greeting": ["421 too busy"]}, AwayError),
        ({"EHLO": [DRIP]}, AwayError),
        ({"MAIL": [SILENCE]}, AwayError),
        ({"MAIL": ["451 not you, not now"]}, AwayError),
        ({"MAIL": ["530 sign in first"]}, AwayError),
        ({"MAIL": ["552 too big"]}, RefusedError),
        ({"RCPT": ["421 bye" + HANG_UP]}, NotNowError),
        ({"RCPT": ["450 later"]}, NotNowError),
        ({"RCPT": ["550 nobody"]}, NobodyThereError),
        ({"RCPT": ["550 nobody" + HANG_UP]}, NobodyThereError),
        ({"RCPT": [DRIP]}, NotNowError),
        ({"DATA": ["451 later"]}, NotNowError),
        ({"DATA": ["554 no"]}, RefusedError),
        ({"text": ["452 full"]}, NotNowError),
        ({"text": ["554 I do not like it"]}, RefusedError),
        ({"text": [SILENCE]}, NotNowError),
        ({"text": [DRIP]}, NotNowError),
        ({"text": [HANG_UP]}, NotNowError),
    ],
)
def test_what_a_server_does_is_taken_for_what_it_means_and_in_time(
    rude: dict[str, list[str]], error: type[Exception]
) -> None:
    with a_boor(**rude) as boor:
        outlet = Smtp(boor.url, patience=0.3, limit=0.6)
        began = monotonic()
        with pytest.raises(error) as raised:
            outlet.deliver(SAM, "<x@kring.example>", SOURCE)
        assert type(raised.value) is error
        assert monotonic() - began < 2
        assert "sam" not in str(raised.value)
        outlet.deliver(SAM, "<y@kring.example>", SOURCE)  # the next mail is none the worse for it
        outlet.rest()
    assert boor.received[-1] == SOURCE.replace(b"\r\n.", b"\r\n..")


def test_a_line_that_is_dropped_after_the_yes_costs_no_mail_and_no_second_copy() -> None:
    with a_boor(text=["250 OK" + HANG_UP] * 2) as boor:
        outlet = Smtp(boor.url)
        for _ in range(3):
            outlet.deliver(SAM, "<x@kring.example>", SOURCE)
        outlet.rest()
    assert len(boor.received) == 3
    assert boor.heard.count("greeting") == 3


def test_of_many_recipients_each_fares_in_its_own_way(office: Office) -> None:
    with a_boor(RCPT=["250 OK", "550 nobody", "450 later", "250 OK", "252 I will try"]) as boor:
        office = office.again(mail_url=boor.url)
        _invite(office, 5)
        office.post()
        assert office.statuses() == ["sent", "failed", "waiting", "sent", "sent"]
        office.clock.forward(seconds=10)
        office.post()
        assert office.statuses() == ["sent", "failed", "sent", "sent", "sent"]
    assert len(boor.received) == 4


def test_a_server_that_puts_us_off_is_asked_for_three_days(office: Office) -> None:
    with a_boor(RCPT=["450 later"] * 1000) as boor:
        office = office.again(mail_url=boor.url)
        _invite(office, 1)
        while office.statuses() == ["waiting"]:
            office.post()
            office.clock.forward(minutes=20)
        assert office.statuses() == ["failed"]
        assert office.clock.now - BEFORE == pytest.approx(timedelta(hours=72), abs=timedelta(hours=1.5))
        assert 72 < boor.heard.count("RCPT") < 200
    (mail,) = _rows(office)
    assert mail.error == "the mail server answered 450"


def test_a_server_that_is_away_costs_no_mail_its_attempts_and_heals_by_itself(any_office: Office) -> None:
    with a_sink() as sink:
        port = int(sink.url.rpartition(":")[2])
        office = any_office.again(mail_url=sink.url)
    _invite(office, 20)
    for _ in range(60):
        office.post()
        office.clock.forward(hours=2)
    assert set(office.statuses()) == {"waiting"}
    assert sum(row.attempts for row in _rows(office)) == 3
    assert "gaat er geen mail uit" in _mailroom(office)
    metrics = office.service.app.test_client().get("/notifications/metrics").text
    assert 'kring_mail_overdue_messages{service="notifications"} 20.0' in metrics
    assert f'kring_mail_oldest_unsent_seconds{{service="notifications"}} {120 * 3600.0}' in metrics
    assert 'kring_mail_server_up{service="notifications"} 0.0' in metrics
    with a_sink(port) as sink:
        office.post()
        assert set(office.statuses()) == {"sent"}
        assert len(sink.received) == 20
    assert "gaat er geen mail uit" not in _mailroom(office)


def test_a_server_that_greets_and_takes_nothing_is_away_too(office: Office) -> None:
    with a_boor(MAIL=["451 not now"] * 40) as boor:
        office = office.again(mail_url=boor.url)
        _invite(office, 20)
        for _ in range(10):
            office.post()
            office.clock.forward(minutes=5)
        assert max(row.attempts for row in _rows(office)) <= 10
        assert boor.heard.count("MAIL") < 15
        del boor.rude["MAIL"]
        office.clock.forward(hours=1)
        office.post()
        assert set(office.statuses()) == {"sent"}


def test_no_more_than_three_mails_are_under_way_to_one_domain(any_office: Office) -> None:
    """Each sender stops in the middle of its delivery and lets the next one try."""
    with a_sink() as sink:
        office = any_office.again(mail_url=sink.url)
        _invite(office, 6, domain="groot.example")
        _invite(office, 1, domain="klein.example")
        under_way: list[int] = []

        def another() -> None:
            with office.service.database.reading() as session:
                mail = tables.outgoing_mail
                sending = session.scalars(select(mail.c.domain).where(mail.c.status == "sending")).all()
            under_way.append(Counter(sending)["groot.example"])
            if len(under_way) < 7:
                office.again(after_delivery=another).service.worker.part("post").pulse()

        office.again(after_delivery=another).service.worker.part("post").pulse()
        office.post()
        assert max(under_way) == AT_ONCE
        assert set(office.statuses()) == {"sent"}
        assert len(sink.received) == 7


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_server_does_every_mail_is_delivered_or_explained(office: Office, seed: int) -> None:
    """And none arrives twice, but where the line went dead between the text and its answer."""
    chance = random.Random(seed)  # noqa: S311  # a story, no secret
    words = {
        "greeting": ["421 busy", HANG_UP, SILENCE],
        "MAIL": ["421 bye" + HANG_UP, "451 later", HANG_UP],
        "RCPT": ["450 later", "550 nobody", "421 bye" + HANG_UP, HANG_UP, "550 nobody" + HANG_UP],
        "DATA": ["451 later", "554 no", HANG_UP],
        "text": ["250 OK" + HANG_UP, "451 later", "554 no", HANG_UP, SILENCE],
    }
    rude = {word: [chance.choice([*answers, _fine(word)]) for _ in range(6)] for word, answers in words.items()}
    heard_in_vain = sum(answer in (HANG_UP, SILENCE, "451 later") for answer in rude["text"])
    with a_boor(**rude) as boor:
        _invite(office, 8)
        sender = _impatient(office, boor.url)
        for _ in range(400):
            while sender.pulse():
                pass
            if not {"waiting", "sending"} & set(office.statuses()):
                break
            office.clock.forward(minutes=11)
    arrived = Counter(str(Mail("", source).message["Message-ID"]) for source in boor.received)
    for row in _rows(office):
        assert (row.status == "sent" and arrived[row.message_id]) or (row.status == "failed" and row.error), vars(row)
    assert sum(arrived.values()) - len(arrived) <= heard_in_vain


def _fine(word: str) -> str:
    return {"greeting": "220 hello", "DATA": "354 go on"}.get(word, "250 OK")


def _impatient(office: Office, url: str) -> Sender:
    """Its sender, with a clock of its own for how long it listens."""
    ours = office.service.worker.part("post")
    assert isinstance(ours, Sender)
    return Sender(office.service.database, ours.composer, Smtp(url, patience=0.1, limit=0.3), ours.pace)


def _invite(office: Office, count: int, domain: str = "gemeente{}.example") -> None:
    office.tell(MeetingPublished(meeting=MEETING))
    for number in range(count):
        person = a_person(email=f"sam{number}@{domain.format(number)}")
        office.tell(RegistrationConfirmed(registration=a_registration(meeting_id=MEETING.id, person=person)))


def _rows(office: Office) -> list[Any]:
    with office.service.database.reading() as session:
        return list(session.execute(select(tables.outgoing_mail).order_by(tables.outgoing_mail.c.id)))


def _mailroom(office: Office) -> str:
    visitor = office.service.app.test_client()
    visitor.set_cookie(SIGN_IN_COOKIE, "the-manager")
    return visitor.get("/notifications/mailroom").text
