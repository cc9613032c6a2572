"""The checker finds what is planted, and nothing where all is well."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shared.db.engine import make_engine
from tests.faults.invariants import broken
from tests.grounds import Embedded
from tests.journeys.kring import Kring, found_kring, mine_link, only


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Kring:
    """A meeting of three seats; Anna and Pia come, Bram left again, Cora got his seat, Wim waits.

    Otto was let in by an organiser, over the plan. All of it lies in files that nobody has open.
    """
    folder = tmp_path_factory.mktemp("well")
    kring = found_kring(Embedded(folder, migrated_files), folder)
    meeting = kring.publish(seatPlan={"capacity": 3, "reserved": {"beleidsmaker": 1}})
    for name, group in (("Anna", "inkoper"), ("Bram", "inkoper"), ("Cora", "inkoper"), ("Pia", "beleidsmaker")):
        kring.sign_up(meeting, name, group)
    bram = kring.visitor()
    bram.press(bram.open(mine_link(only(kring.new_mail(), "bram@gemeente.example"))))
    kring.sign_up(meeting, "Wim")
    otto = {"name": "Otto", "email": "otto@gemeente.example", "targetGroup": "inkoper"}
    by_hand = {**otto, "ifFull": "go-over", "reason": "Houdt een toespraak."}
    let_in = kring.ask("POST", f"/registration/v1/meetings/{meeting['id']}/desk-registrations", json=by_hand)
    assert let_in.status_code == 201, let_in.text
    kring.settle()
    kring.close()
    return kring


@pytest.fixture
def kring(well: Kring, tmp_path: Path) -> Kring:
    """The same in a copy, for one test to break."""
    there, here = str(well.folder.parent), str(tmp_path / "copy")
    shutil.copytree(there, here)
    moved = {
        name: {key: value.replace(there, here) for key, value in given.items()}
        for name, given in well.environments.items()
    }
    return replace(well, folder=tmp_path / "copy" / well.folder.name, environments=moved)


def found(kring: Kring, *answered: tuple[str, str]) -> set[str]:
    """The numbers of what is broken."""
    urls = {name: given["DATABASE_URL"] for name, given in kring.environments.items()}
    return {words.split(":")[0] for words in broken(urls, kring.folder, kring.clock(), answered)}


def test_where_all_is_well_nothing_is_found(well: Kring, kring: Kring) -> None:
    (meeting,) = well.ask("GET", "/v1/meetings").json or []
    assert found(kring, (meeting["id"], "anna@gemeente.example"), (meeting["id"], "bram@gemeente.example")) == set()
    assert found(kring, (meeting["id"], "niemand@gemeente.example")) == {"I3"}


def in_registration(*statements: str) -> Callable[[Kring], None]:
    return lambda kring: _run(kring, "registration", statements)


def in_notifications(*statements: str) -> Callable[[Kring], None]:
    return lambda kring: _run(kring, "notifications", statements)


def _run(kring: Kring, service: str, statements: Any) -> None:
    engine = make_engine(kring.environments[service]["DATABASE_URL"])
    with engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount, statement
    engine.dispose()


def a_mail_lies_there_twice(kring: Kring) -> None:
    file = next(file for file in (kring.folder / "sent").glob("*.eml") if b"METHOD" in file.read_bytes().upper())
    shutil.copy(file, file.with_name("again.eml"))


def a_mail_is_gone(kring: Kring) -> None:
    next(mail for mail in (kring.folder / "sent").glob("*.eml")).unlink()


WIM_HAS_A_SEAT = """
    update outbox
    set type = 'registration.confirmed', payload = json_set(payload, '$.registration.status', 'confirmed')
    where json_extract(payload, '$.registration.person.name') = 'Wim'
"""
CORA_AND_OTTO_NEVER_SAT = """
    delete from outbox
    where json_extract(payload, '$.registration.person.name') in ('Cora', 'Otto') and type = 'registration.confirmed'
"""


def test_a_mail_that_arrived_unheard_of_may_be_overtaken_yet_lies_there_once(kring: Kring) -> None:
    _run(kring, "notifications", ["update outgoing_mail set status = 'replaced' where method = 'REQUEST'"])
    assert found(kring) == set()

    a_mail_lies_there_twice(kring)
    assert found(kring) == {"I4"}


@pytest.mark.parametrize(
    ("planted", "number"),
    [
        (in_registration(WIM_HAS_A_SEAT), "I1"),
        (in_registration("update registration set override_reason = null where name = 'Otto'"), "I1"),
        (in_registration("update history set cause = 'system' where reason = 'Houdt een toespraak.'"), "I1"),
        (in_registration(CORA_AND_OTTO_NEVER_SAT), "I2"),
        (in_registration("delete from history where to_status = 'cancelled'"), "I3"),
        (in_registration("delete from registration where name = 'Anna'"), "I3"),
        (in_registration("update meeting set taken = '{\"inkoper\": 1}'"), "I3"),
        (in_notifications("update outgoing_mail set sequence = 0 where method = 'CANCEL'"), "I4"),
        (a_mail_lies_there_twice, "I4"),
        (a_mail_is_gone, "I4"),
        (in_notifications("delete from inbox where type = 'registration.confirmed'"), "I5"),
        (in_registration("update outbox set published_at = null where type = 'registration.confirmed'"), "I5"),
        (in_notifications("update registration set status = 'confirmed' where status = 'cancelled'"), "I5"),
        (in_notifications("update meeting set revision = 0"), "I5"),
        (in_notifications("update inbox set state = 'parked' where type = 'registration.confirmed'"), "I8"),
        (in_notifications("update outgoing_mail set status = 'failed'"), "I8"),
    ],
)
def test_what_is_planted_is_found(kring: Kring, planted: Callable[[Kring], None], number: str) -> None:
    planted(kring)
    assert number in found(kring)
