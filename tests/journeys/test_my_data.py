"""Somebody sees everything that is kept of them, takes it along, and is erased: everywhere, and for good."""

import json
import re
from typing import Any

import pytest

from shared.db.engine import make_engine
from tests.faults.invariants import TABLES
from tests.journeys.kring import BASE_URL, Kring

ADDRESS = "kanarie@gemeente.example"
SERVICES = ("catalog", "registration", "notifications")


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
        rows = {table: connection.execute(table.select()).all() for table in TABLES[name].sorted_tables}
    engine.dispose()
    return [table for table, all_of_them in rows.items() if "kanarie" in str(all_of_them).lower()]


@pytest.fixture
def known(kring: Kring) -> Kring:
    """Somebody who has a seat, waits for another, wants to be invited, and whose sign-up came with a key."""
    here, full = kring.publish(), kring.publish(seatPlan={"capacity": 1})
    kring.sign_up(full, "Eerder")
    for meeting in (here, full):
        key = {"Idempotency-Key": f"kanarie-{meeting['id']}"}
        signed_up = kring.sign_up(meeting, "Kanarie", headers=key, organisation="Kanariekooi")
        assert signed_up.status_code == 201, signed_up.text
    wish = {"name": "Kanarie", "email": ADDRESS, "organisation": "Kooi", "targetGroup": "inkoper", "regions": ["PV26"]}
    assert kring.ask("POST", "/notifications/v1/subscriptions", headers={}, json=wish).status_code == 202
    kring.settle()
    return kring


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
    assert "eerder" not in json.dumps(gathered).lower(), "other people are left out"


def test_whoever_is_erased_is_signed_off_first_and_then_stands_nowhere(known: Kring) -> None:
    token = token_for(known)

    assert me(known, "DELETE", token).status_code == 202
    (mail,) = [mail for mail in known.new_mail()[ADDRESS] if mail.calendars]
    assert all(b"METHOD:CANCEL" in calendar for calendar in mail.calendars)
    in_a_minute(known)

    done = me(known, "GET", token, "/registration/v1/me/erasure").json
    assert done["done"]
    assert {receipt["service"]: bool(receipt["counts"]) for receipt in done["receipts"]} == {
        "catalog": False,
        "registration": True,
        "notifications": True,
    }
    assert traces(known) == []
