"""How other tests tell a service something."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from shared.bus.inbox import Inbox
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingChanged, MeetingHeld, MeetingPublished
from shared.events.registration import RegistrationConfirmed
from shared.service import Service, Worker
from tests.builders import a_meeting, a_registration, tell
from tests.bus.houses import Clock, House
from tests.grounds import Embedded


@pytest.fixture
def house(embedded: Embedded) -> Iterator[House]:
    with closing(House("notifications", embedded.database_url(), embedded.broker_url, Clock())) as house:
        yield house


@pytest.fixture
def service(house: House) -> Service:
    return Service(house.name, "", Flask(__name__), house.database, Worker([house.inbox]))


def test_each_tells_the_next_of_its_stream(service: Service, house: House) -> None:
    meeting = a_meeting()
    assert tell(service, RegistrationConfirmed(registration=a_registration(meeting_id=meeting.id))) == "waiting"
    assert tell(service, MeetingPublished(meeting=meeting)) == "done"
    assert tell(service, MeetingChanged(meeting=meeting)) == "done"

    assert [type_ for type_, _ in house.heard()] == ["meeting.published", "registration.confirmed", "meeting.changed"]


def test_a_handler_that_fails_fails_the_test(service: Service) -> None:
    def fails(_tx: Transaction, _happened: MeetingHeld) -> None:
        raise LookupError

    inbox = service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    inbox.handlers[MeetingHeld] = fails
    with pytest.raises(AssertionError, match=r"meeting\.held is retry: LookupError at tests/bus/test_tell\.py"):
        tell(service, MeetingHeld(meeting=a_meeting()))
