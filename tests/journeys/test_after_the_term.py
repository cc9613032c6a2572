"""A hundred days after a meeting nobody of it is known any more in the three services; replay brings nobody back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.bus.inbox import Inbox
from shared.service import Service, settle
from tests.grounds import Embedded
from tests.journeys.canaries import MEETING, Cage, Walk
from tests.journeys.kring import found_kring

DAY = "2027-02-10"
FOR_A_YEAR = {"registration: audit_why.why"}
"""Why an organiser did something is accounted for longer."""


@pytest.fixture
def walk(embedded: Embedded, tmp_path: Path) -> Iterator[Walk]:
    walk = Walk(found_kring(embedded, tmp_path))
    yield walk
    walk.kring.close()


def where(cage: Cage, service: Service) -> set[str]:
    """The columns in which somebody of the meeting stands."""
    with service.database.reading() as session:
        return {
            f"{service.name}: {table.name}.{column.name}"
            for table in service.database.flow.outbox.metadata.sorted_tables
            for column in table.columns
            if cage.heard_in(" ".join(map(str, session.scalars(select(column)))))
        }


@pytest.mark.long
def test_nobody_is_left_and_nobody_comes_back(walk: Walk) -> None:
    services = walk.kring.assembly.services
    meeting = walk.kring.publish(**MEETING, startsAt=f"{DAY}T14:00", endsAt=f"{DAY}T17:00")
    people = walk.sign_ups(meeting, 15)
    walk.acts_at_the_desk(meeting, people)
    walk.mails(people)
    first = set().union(*(where(walk.cage, service) for service in services))

    for _ in range(24):
        walk.kring.clock.forward(days=5)
        walk.kring.settle()
    left = set().union(*(where(walk.cage, service) for service in services))
    for service in services:
        inbox = service.worker.part("inbox")
        assert isinstance(inbox, Inbox)
        inbox.start_over()
    settle(*services)
    back = set().union(*(where(walk.cage, service) for service in services))

    assert len(first) >= 25
    assert left == back == FOR_A_YEAR
    counts = walk.kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/seats").json or {}
    assert counts["targetGroups"]["inkoper"]["taken"] >= 12
