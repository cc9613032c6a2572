"""Somebody sees everything that is kept of them, takes it along, and is erased: everywhere, and for good."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pika import BlockingConnection, URLParameters

from deploy.broker import waiting
from shared.bus import names
from shared.bus.broker import Broker, Message
from shared.db.engine import make_engine
from shared.db.transaction import new_id
from shared.restoring import inbox_of, restoring_commands, take_up_again
from shared.service import Service, settle
from tests.faults.invariants import TABLES
from tests.grounds import Ground
from tests.journeys.kring import BASE_URL, Kring, found_kring
from tests.journeys.pages import form_of
from tests.tampering import unfenced
from tests.waiting import eventually

ADDRESS = "kanarie@gemeente.example"
SERVICES = ("catalog", "registration", "notifications")
DEAD_LETTERS = tuple(map(names.dead_letters, SERVICES))


def token_for(kring: Kring) -> str:
    """The token of a fresh link to one's own data, out of the mail."""
    asked = kring.ask("POST", "/registration/v1/me/links", headers={}, json={"email": ADDRESS})
    assert asked.status_code == 202, asked.text
    mails = "\n".join(mail.text for mail in kring.new_mail()[ADDRESS])
    (token,) = re.findall(rf"^{re.escape(BASE_URL)}/registration/my-data/(\S+)$", mails, re.MULTILINE)
    return str(token)


def me(kring: Kring, method: str, token: str, path: str = "/registration/v1/me") -> Any:
    return kring.ask(method, path, headers={"Authorization": f"Bearer {token}"})


def in_a_minute(kring: Kring) -> None:
    """Everything has had a minute to be done."""
    for _ in range(12):
        kring.settle()
        kring.clock.forward(seconds=5)
    kring.settle()


def traces(kring: Kring) -> list[str]:
    """Where the canary stands: in which cells of which tables, and in which files of mail."""
    found = [f"{name}.{table.name}" for name, url in kring.databases.items() for table in _with_traces(name, url)]
    return found + [path.name for path in kring.folder.rglob("*.eml") if "kanarie" in path.read_text().lower()]


def _with_traces(name: str, url: str) -> list[Any]:
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = {table: [*map(tuple, connection.execute(table.select()))] for table in TABLES[name].sorted_tables}
    engine.dispose()
    return [table for table, all_of_them in rows.items() if "kanarie" in str(all_of_them).lower()]


def backup(service: Service) -> Callable[[], None]:
    """What is in the database of a service now; gives how to put it back to that."""
    engine, tables = service.database.engine, service.database.flow.outbox.metadata.sorted_tables
    with engine.connect() as connection:
        rows = {table: [row._asdict() for row in connection.execute(table.select())] for table in tables}

    def restore() -> None:
        with engine.begin() as connection, unfenced(connection):
            for table in reversed(tables):
                connection.execute(table.delete())
            for table in tables:
                if rows[table]:
                    connection.execute(table.insert(), rows[table])

    return restore


def leave_no_traces(kring: Kring) -> None:
    """Wait until the canary has stood nowhere for a minute; whoever was put back did not hear all that was told."""
    clean = 0

    def are_gone() -> bool:
        nonlocal clean
        settle(*kring.assembly.services)
        kring.clock.forward(seconds=5)
        clean = 0 if traces(kring) else clean + 1
        return clean > 12

    eventually(are_gone, seconds=60)


def kept_apart(kring: Kring) -> list[str]:
    """The ledger as an operator keeps it."""
    listing = restoring_commands(lambda: kring.assembly.catalog)[0]
    return CliRunner().invoke(listing, ["list"]).output.splitlines()


@pytest.fixture
def known(kring: Kring) -> Kring:
    """Kring where somebody is known."""
    return make_known(kring)


@pytest.fixture
def put_back(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    """The same, of which databases are put back: in the end the services need not know the same facts."""
    kring = found_kring(ground, tmp_path)
    yield make_known(kring)
    kring.close()


def make_known(kring: Kring) -> Kring:
    """Somebody who has a seat, waits for another, wants to be invited, and whose sign-up came with a key."""
    here, full = kring.publish(), kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(full, "Eerder")
    for meeting in (here, full):
        key = {"Idempotency-Key": f"kanarie-{meeting['id']}"}
        signed_up = kring.sign_up(meeting, "Kanarie", headers=key, organisation="Kanariekooi")
        assert signed_up.status_code == 201, signed_up.text
    wish = {"name": "Kanarie", "email": ADDRESS, "organisation": "Kooi", "targetGroup": "inkoper", "regions": ["PV26"]}
    assert kring.ask("POST", "/notifications/v1/subscriptions", headers={}, json=wish).status_code == 202
    tells_a_story(kring)
    kring.settle()
    return kring


def tells_a_story(kring: Kring) -> None:
    """With a name that may stand there; an editor publishes it, and from then on the address is gone."""
    visitor, editor = kring.visitor(), kring.visitor()
    told = {"title": "Een kooi van hout", "text": "Gewoon gedaan.", "kind": "small-step", "name": "Kanarie"}
    visitor.press(visitor.get("/stories/new"), **told, email=ADDRESS, named="true", consent="true")
    editor.press(editor.open(kring.command("sign-in-link")))
    kring.settle()
    (page,) = re.findall(r'href="(/organise/stories/[0-9a-f-]{36})"', editor.get("/organise/stories").text)
    editor.submit(form_of(editor.get(page).text, "publication"))
    assert "Kanarie" in visitor.get("/stories/een-kooi-van-hout").text


def test_everything_is_gathered_from_all_three(known: Kring) -> None:
    token = token_for(known)

    assert me(known, "GET", token).json["registration"]["registrations"][0]["name"] == "Kanarie"
    asked = me(known, "POST", token, "/registration/v1/me/exports")
    assert (asked.status_code, asked.json["status"]) == (202, "gathering")
    known.settle()
    gathered = me(known, "GET", token, asked.headers["Location"]).json

    assert gathered["status"] == "ready"
    assert set(gathered["data"]) == set(SERVICES)
    assert len(gathered["data"]["registration"]["registrations"]) == 2
    assert any("Kanarie" in mail["source"] for mail in gathered["data"]["notifications"]["mailsSent"])
    assert gathered["data"]["notifications"]["subscription"]
    assert [each["name"] for each in gathered["data"]["catalog"]["stories"]] == ["Kanarie"]
    assert "eerder" not in json.dumps(gathered).lower(), "other people are left out"


def test_everything_reads_in_words_on_its_page(known: Kring) -> None:
    """What a program calls it, and in which form, is for the file."""
    visitor = known.visitor()
    mine = visitor.press(visitor.get(f"/registration/my-data/{token_for(known)}"))
    gathering = visitor.submit(form_of(mine.text, "/exports"))
    known.settle()
    page = visitor.get(gathering.request.path).text

    assert '<dt>Naam</dt><dd lang="">Kanarie</dd>' in page
    assert '<dd lang="">Heeft een plek</dd>' in page
    assert "<p>Beste Kanarie,</p>" in page  # a mail as it was read
    assert re.findall(r"<dt>(\w+[A-Z.]\w*)</dt>", page) == [], "no name of a column"
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+", page) == [], "no moment as programs write it"


def test_whoever_is_erased_is_signed_off_first_and_then_stands_nowhere(known: Kring) -> None:
    token = token_for(known)
    me(known, "POST", token, "/registration/v1/me/exports")
    known.settle()

    assert me(known, "DELETE", token).status_code == 202
    (mail,) = [mail for mail in known.new_mail()[ADDRESS] if mail.calendars]
    assert all(b"METHOD:CANCEL" in calendar for calendar in mail.calendars)
    in_a_minute(known)

    done = me(known, "GET", token, "/registration/v1/me/erasure").json
    assert done["done"]
    assert {receipt["service"] for receipt in done["receipts"] if receipt["counts"]} == set(SERVICES)
    assert traces(known) == []


def test_nobody_comes_back_from_a_journal_or_a_backup(put_back: Kring) -> None:
    kring, services = put_back, put_back.assembly.services
    restore = {service.name: backup(service) for service in services}
    me(kring, "DELETE", token_for(kring))
    in_a_minute(kring)
    assert traces(kring) == []
    ledger = kept_apart(kring)

    for service in services:
        inbox_of(service).start_over()
    leave_no_traces(kring)

    for service in services:
        restore[service.name]()
        take_up_again(service)
        leave_no_traces(kring)

    for service in services:
        restore[service.name]()
    assert traces(kring)
    for service in services:
        take_up_again(service, ledger)
    leave_no_traces(kring)


@pytest.mark.parametrize("ground", ["servers"], indirect=True)
def test_what_could_not_be_handled_names_nobody_any_more_nor_does_anything_on_the_broker(
    put_back: Kring, dead_letters: Ground
) -> None:
    """Events that are parked, and letters that died, before or later: of somebody else they stay."""
    kring, url = put_back, dead_letters.broker_url
    token = token_for(kring)
    wrong = {"registration": {"person": {"email": ADDRESS}}, "by": "kanarie"}
    envelope = json.loads(told_of(kring, "registration.confirmed"))
    cake = {"dataschema": "urn:kring:cake.eaten:1", "data": {"by": [ADDRESS]}}
    bodies = [
        f"kanarie: {ADDRESS}",
        json.dumps({**envelope, "id": new_id(), "type": "nl.kring.cake.eaten", **cake}),
        json.dumps({**envelope, "id": new_id(), "subject": new_id(), "data": wrong}),
    ]
    lie_dead(url, f"kanarie {ADDRESS}", "eerder@gemeente.example")
    publisher = Broker(url, "registration")
    publisher.publish([Message(new_id(), "registration.confirmed", body.encode()) for body in bodies])
    publisher.close()
    others = (kring.assembly.catalog, kring.assembly.notifications)

    def all_parked() -> bool:
        settle(*others)
        return [len(inbox_of(other).unhandled()) for other in others] == [2, 3]  # sign-ups are nothing to catalog

    eventually(all_parked)
    assert {"catalog.inbox", "notifications.inbox"} <= set(traces(kring))

    me(kring, "DELETE", token)
    leave_no_traces(kring)

    left = {name: count for name, count in waiting(url).items() if count}
    assert left == dict.fromkeys(DEAD_LETTERS, 1), "that of somebody else"

    again = json.dumps({**json.loads(bodies[1]), "time": kring.clock().isoformat()})
    lie_dead(url, bodies[1], again)
    leave_no_traces(kring)
    left = {name: count for name, count in waiting(url).items() if count}
    assert left == dict.fromkeys(DEAD_LETTERS, 2), "what died late goes too, and what was said after the erasure stays"


def told_of(kring: Kring, name: str) -> bytes:
    """An event as it travels, of those that registration told."""
    relay, flow = kring.assembly.registration.worker.part("relay"), kring.assembly.registration.database.flow
    with kring.assembly.registration.database.reading() as session:
        row = session.execute(flow.outbox.select().where(flow.outbox.c.type == name)).first()
    return bytes(relay._message(row).body)  # type: ignore[attr-defined]  # noqa: SLF001  # the bytes that leave


def lie_dead(url: str, *bodies: str) -> None:
    """With what each service gave up."""
    with closing(BlockingConnection(URLParameters(url))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for queue, body in product(DEAD_LETTERS, bodies):
            channel.basic_publish("", queue, body.encode())


def test_a_service_that_is_away_erases_when_it_is_back(known: Kring) -> None:
    token, assembly = token_for(known), known.assembly
    me(known, "DELETE", token)
    for _ in range(10):
        settle(assembly.catalog, assembly.registration)
        known.clock.forward(minutes=30)
    receipts = me(known, "GET", token, "/registration/v1/me/erasure")
    assert receipts.status_code == 401, "the link was good for fifteen minutes"

    in_a_minute(known)

    assert traces(known) == []


def test_a_calendar_that_cannot_be_reached_holds_up_nothing_for_more_than_a_day(known: Kring) -> None:
    me(known, "DELETE", token_for(known))
    sent = known.folder / "sent"
    sent.rename(known.folder / "away")
    sent.touch()
    in_a_minute(known)
    assert traces(known) != []

    known.clock.forward(hours=24)
    in_a_minute(known)
    sent.unlink()
    (known.folder / "away").rename(sent)
    known.clock.forward(hours=1)

    assert [trace for trace in traces(known) if not trace.endswith(".eml")] == []
    (receipt,) = [
        each
        for each in me(known, "GET", token_for(known), "/registration/v1/me/erasure").json["receipts"]
        if each["service"] == "notifications"
    ]
    assert receipt["undelivered"] == 1
