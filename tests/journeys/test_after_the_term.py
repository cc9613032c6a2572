"""A hundred days after a meeting nobody of it is known any more in the three services; replay brings nobody back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from services.registration.tables import registration
from shared.bus.inbox import Inbox
from shared.service import Service, settle
from tests.grounds import Embedded
from tests.journeys.canaries import MEETING, Cage, Walk
from tests.journeys.kring import Kring, found_kring

DAY = "2027-02-10"
SET: dict[str, str] = {
    "KEEP_ATTENDEES_DAYS": "20",
    "KEEP_LEFTOVERS_DAYS": "3",
    "KEEP_NEEDS_DAYS": "1",
    "KEEP_MAIL_DAYS": "12",
    "KEEP_RESEARCH_MONTHS": "5",
}
"""None of them is what it is without a setting."""

NIGHTS = [datetime(2027, month, day, 3, tzinfo=UTC) for month, day in ((2, 10), (2, 12), (2, 14), (3, 2), (3, 4))]

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


@pytest.fixture
def brief(embedded: Embedded, tmp_path: Path) -> Iterator[Kring]:
    kring = found_kring(embedded, tmp_path, None, **SET)
    yield kring
    kring.close()


def test_what_an_installation_sets_is_kept_so_long_and_said_on_its_pages(brief: Kring) -> None:
    said = {prefix: brief.visitor().get(f"{prefix}/privacy").text for prefix in ("", "/registration", "/notifications")}
    assert "na 20 dagen, tenzij" in said[""]
    assert "hooguit 5 maanden, of tot de toestemming is ingetrokken" in said[""]
    assert "tot 20 dagen na de bijeenkomst, tenzij die iets anders zegt; 3 dagen van" in said["/registration"]
    assert "tot 1 dag na de bijeenkomst" in said["/registration"]
    assert "12 dagen" in said["/notifications"]

    meeting = brief.publish(**{**MEETING, "seatPlan": {"capacity": 1}}, startsAt=f"{DAY}T14:00", endsAt=f"{DAY}T17:00")
    assert meeting["retentionDays"] == 20
    for name in ("Anna", "Bram"):
        brief.sign_up(meeting, name, needs={"diet": "Geen noten"})
    brief.drop(b"From: bram@gemeente.example\r\n\r\nWanneer is het?")
    assert len(brief.new_mail()) == 2
    assert list(brief.folder.rglob("refused/*.eml")), "a stranger's mail lies where it came in"

    kept = {f"{day:%m-%d}": _kept(brief, day) for day in NIGHTS}

    assert kept == {
        "02-10": {"Anna", "Bram", "needs", "mail"},
        "02-12": {"Anna", "Bram", "mail"},
        "02-14": {"Anna"},
        "03-02": {"Anna"},
        "03-04": set(),
    }
    assert not list(brief.folder.rglob("refused/*.eml"))


def _kept(kring: Kring, now: datetime) -> set[str]:
    """What is left then: who is known, what they need, and the files of the mail of the first day."""
    kring.clock.now = now
    kring.settle()
    with kring.assembly.registration.database.reading() as session:
        rows = session.execute(select(registration.c.name, registration.c.needs)).all()
    mails = [mail for mail in kring.all_mail() if mail.message["Date"].datetime.date() == date(2027, 2, 1)]
    return {row.name for row in rows if row.name} | {"needs" for row in rows if row.needs} | {"mail" for _ in mails}
