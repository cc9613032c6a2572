"""Somebody asks for a fresh link: it is signed where the mail is written, and mailed once."""

from datetime import timedelta

import pytest

from shared.db.transaction import new_id
from shared.events.registration import LinkRequested
from shared.people.links import BadLink, Links
from tests.notifications.office import BEFORE, KEY, Office


@pytest.mark.parametrize("purpose", ["sign-in", "my-data"])
def test_the_link_in_the_mail_is_good_for_its_purpose_and_its_time(office: Office, purpose: str) -> None:
    asked = _asked(purpose)
    office.tell(asked)
    mail = office.one_mail()
    address = f"http://127.0.0.1:8000/registration/{purpose}/"
    (line,) = [line for line in mail.text.splitlines() if address in line]
    token = line.removeprefix(address)
    assert Links((KEY,), clock=lambda: BEFORE).read(token, purpose).subject == asked.id
    with pytest.raises(BadLink):
        Links((KEY,), clock=lambda: asked.valid_until).read(token, purpose)
    assert "14.15 uur" in mail.text
    assert mail.message["Reply-To"] is None


def test_a_request_heard_again_or_too_late_is_not_answered(office: Office) -> None:
    asked = _asked("sign-in")
    office.tell(asked)
    office.one_mail()
    office.tell(asked)
    office.clock.forward(minutes=20)
    office.tell(_asked("sign-in"))
    assert office.new_mail() == []


def _asked(purpose: str) -> LinkRequested:
    until = BEFORE + timedelta(minutes=15)
    return LinkRequested(id=new_id(), purpose=purpose, valid_until=until, email="noor@provincie.example")  # type: ignore[arg-type]  # one of its two
