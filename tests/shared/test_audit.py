"""The audit log is only ever added to, and whatever is done to it below the application is found."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from shared.db.audit import Noted, hash_of_why, note, note_all
from shared.db.audit_chain import Head, Verdict, newest, read_head, seal_all, verify
from tests.bus.houses import Clock, House, flow
from tests.grounds import Ground
from tests.tampering import unfenced

audit = flow.audit
entry, why, seal, unsealed = audit.entry, audit.why, audit.seal, audit.unsealed

ENTRIES = 12

Tamper = Callable[[Connection, list[str]], None]


@pytest.fixture
def house(ground: Ground) -> Iterator[House]:
    house = House("registration", ground.database_url(), ground.broker_url, Clock())
    yield house
    house.database.engine.dispose()


@pytest.fixture
def log(house: House) -> House:
    """A log of twelve sealed entries; every third has a reason."""
    for number in range(ENTRIES):
        with house.database.begin() as tx:
            reason = "De zaal was te klein" if number % 3 == 0 else ""
            facts = {"people": number, "groups": ["inkoper", "budgethouder"]}
            note(tx, "attendees.read", by=f"person-{number}", thing="meeting", why=reason, facts=facts)
    assert seal_all(house.database) == ENTRIES
    return house


def verdict(house: House, kept: Head | None = None) -> Verdict:
    with house.database.reading() as session:
        return verify(session, flow, kept)


def head(house: House) -> Head:
    with house.database.reading() as session:
        return newest(session, flow)


def test_a_log_is_whole_and_grows(log: House) -> None:
    with log.database.begin() as tx:
        note(tx, "key.made", by="manager", thing="key")
    assert verdict(log) == Verdict(entries=12, unsealed=1, erased=0, breaks=())
    before = head(log)
    assert seal_all(log.database) == 1
    assert verdict(log, before) == Verdict(entries=13, unsealed=0, erased=0, breaks=())
    assert read_head(str(head(log))) == head(log) != before


def test_what_is_not_committed_leaves_no_entry(log: House) -> None:
    known, unknown = Noted(act="key.made", by="manager"), Noted(act="cake.eaten", by="manager")
    with pytest.raises(LookupError, match="no act"), log.database.begin() as tx:
        note_all(tx, [known, unknown])
    assert (seal_all(log.database), verdict(log).entries) == (0, ENTRIES)


@pytest.mark.parametrize(
    "statement",
    [
        update(entry).values(by="somebody-else"),
        delete(entry),
        update(seal).values(hash="0" * 64),
        delete(seal),
        update(why).values(why="Zomaar"),
    ],
    ids=["entry changed", "entry removed", "seal changed", "seal removed", "reason changed"],
)
def test_the_database_itself_refuses_to_change_it(log: House, statement: Executable) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), log.database.begin() as tx:
        tx.session.execute(statement)
    assert verdict(log).breaks == ()


def test_postgres_refuses_to_empty_it(log: House) -> None:
    if log.database.engine.dialect.name != "postgresql":
        return
    with pytest.raises(DBAPIError, match="only ever added to"), log.database.begin() as tx:
        tx.session.execute(text("TRUNCATE audit_seal"))


def test_a_reason_can_be_erased_and_the_chain_holds(log: House) -> None:
    with log.database.begin() as tx:
        tx.session.execute(delete(why))
    assert verdict(log) == Verdict(entries=12, unsealed=0, erased=4, breaks=())


def _changed(connection: Connection, ids: list[str]) -> None:
    connection.execute(update(entry).where(entry.c.id == ids[4]).values(by="somebody-else"))


def _changed_and_sealed_anew(connection: Connection, ids: list[str]) -> None:
    _changed(connection, ids)
    connection.execute(update(seal).where(seal.c.number == 5).values(hash="0" * 64))


def _removed(connection: Connection, ids: list[str]) -> None:
    connection.execute(delete(seal).where(seal.c.number == 5))
    connection.execute(delete(entry).where(entry.c.id == ids[4]))


def _removed_and_closed_up(connection: Connection, ids: list[str]) -> None:
    _removed(connection, ids)
    for number in range(6, ENTRIES + 1):
        connection.execute(update(seal).where(seal.c.number == number).values(number=number - 1))


def _reordered(connection: Connection, ids: list[str]) -> None:
    connection.execute(update(seal).where(seal.c.number == 5).values(entry_id="aside"))
    connection.execute(update(seal).where(seal.c.number == 8).values(entry_id=ids[4]))
    connection.execute(update(seal).where(seal.c.number == 5).values(entry_id=ids[7]))


def _slipped_in(connection: Connection, ids: list[str]) -> None:
    row = connection.execute(select(entry).where(entry.c.id == ids[4])).one()
    connection.execute(insert(entry).values(**{**row._asdict(), "id": "slipped-in"}))


def _cut_off(connection: Connection, ids: list[str]) -> None:
    connection.execute(delete(seal).where(seal.c.number > 9))
    connection.execute(delete(why).where(why.c.entry_id.in_(ids[9:])))
    connection.execute(delete(entry).where(entry.c.id.in_(ids[9:])))


def _only_seals_cut_off(connection: Connection, ids: list[str]) -> None:
    del ids
    connection.execute(delete(seal).where(seal.c.number > 9))


def _reason_changed(connection: Connection, ids: list[str]) -> None:
    connection.execute(update(why).where(why.c.entry_id == ids[3]).values(why="De zaal beviel niet"))


TAMPERING: dict[Tamper, str] = {
    _changed: "entry 5 is not what was sealed",
    _changed_and_sealed_anew: "entry 5 is not what was sealed",
    _removed: "seal 5 is missing",
    _removed_and_closed_up: "entry 5 is not what was sealed",
    _reordered: "entry 8 is not what was sealed",
    _slipped_in: "entry slipped-in has no seal",
    _cut_off: "the log ends at 9 and had 12 entries: cut off",
    _only_seals_cut_off: "has no seal",
    _reason_changed: "the reason of entry",
}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__.strip("_"))
def test_who_takes_the_fence_away_is_found(log: House, tamper: Tamper) -> None:
    with log.database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # its owner may do this too
            connection.execute(text("ALTER TABLE audit_seal DROP CONSTRAINT fk_audit_seal_entry_id_audit_entry"))
        ids = list(connection.scalars(select(entry.c.id).join(seal).order_by(seal.c.number)))
        connection.execute(text("PRAGMA defer_foreign_keys = ON")) if connection.dialect.name == "sqlite" else None
        with unfenced(connection):
            tamper(connection, ids)
    assert any(TAMPERING[tamper] in found for found in verdict(log).breaks), verdict(log).breaks


def test_who_writes_the_whole_log_anew_is_found_by_what_was_printed_before(log: House) -> None:
    printed = head(log)
    with log.database.engine.begin() as connection, unfenced(connection):
        ids = list(connection.scalars(select(entry.c.id).order_by(entry.c.id)))
        connection.execute(delete(seal))
        connection.execute(delete(flow.setting).where(flow.setting.c.name == "audit-head"))
        connection.execute(update(entry).where(entry.c.id == ids[4]).values(by="somebody-else"))
        connection.execute(insert(unsealed), [{"entry_id": id_} for id_ in ids])
    seal_all(log.database)
    assert verdict(log).breaks == ()
    assert verdict(log, printed).breaks == ("seal 12 is not the one that was noted: the log was written anew",)


def test_an_erased_reason_cannot_be_guessed_from_what_stays() -> None:
    assert hash_of_why("a", "De zaal was te klein") != hash_of_why("b", "De zaal was te klein")
