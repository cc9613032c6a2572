"""Somebody asks for a fresh link: it is signed where the mail is written, and mailed once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.db.transaction import new_id
from shared.events.access import LinkRequested
from shared.people.links import BadLink, Links
from tests.notifications.office import BEFORE, KEY, Office


def asked_for(purpose: str) -> LinkRequested:
    until = BEFORE + timedelta(minutes=15)
    return LinkRequested(id=new_id(), purpose=purpose, valid_until=until, email="noor@provincie.example")  # type: ignore[arg-type]  # one of its two


@pytest.mark.parametrize(
    ("asked", "purpose", "page"),
    [
        (asked_for("sign-in"), "sign-in", "sign-in"),
        (replace(asked_for("sign-in"), reader="participant"), "network-sign-in", "network/sign-in"),
        (asked_for("my-data"), "my-data", "my-data"),
    ],
)
def test_the_link_in_the_mail_is_good_for_its_purpose_and_its_time(
    office: Office, asked: LinkRequested, purpose: str, page: str
) -> None:
    office.tell(asked)
    mail = office.one_mail()
    address = f"http://127.0.0.1:8000/registration/{page}/"
    (line,) = [line for line in mail.text.splitlines() if address in line]
    token = line.removeprefix(address)
    assert Links((KEY,), clock=lambda: BEFORE).read(token, purpose).subject == asked.id
    with pytest.raises(BadLink):
        Links((KEY,), clock=lambda: asked.valid_until).read(token, purpose)
    assert "14.15 uur" in mail.text
    assert mail.message["Reply-To"] is None


def test_a_request_heard_again_or_too_late_is_not_answered(office: Office) -> None:
    asked = asked_for("sign-in")
    office.tell(asked)
    office.one_mail()
    office.tell(asked)
    office.clock.forward(minutes=20)
    office.tell(asked_for("sign-in"))
    assert office.new_mail() == []
