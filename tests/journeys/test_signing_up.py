"""Signing up twice, one thread from the click to the mail, and input that is not right."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from services.catalog.tables import metadata as catalog_tables
from services.notifications.tables import metadata as notifications_tables
from services.registration.tables import metadata as registration_tables
from shared.service import Service
from tests.grounds import Embedded
from tests.journeys.kring import BASE_URL, MANAGER, READY, Kring, found_kring, only

ENGLISH = {"Accept-Language": "en"}
BIG = b"x" * 10_000_000
NOBODY = "00000000-0000-7000-8000-000000000000"


def test_twice_is_once_and_looks_like_once(kring: Kring) -> None:
    meeting = kring.publish(seatPlan={"capacity": 1})
    first = kring.sign_up(meeting, "Anna")
    invitation = only(kring.new_mail(), "anna@gemeente.example")

    again = kring.sign_up(meeting, "Anna", email="ANNA@gemeente.example ")
    newcomer = kring.sign_up(meeting, "Bram")

    assert (first.json, again.json) == ({"status": "confirmed"}, {"status": "waitlisted", "place": 1})
    assert newcomer.json == again.json  # nobody learns from the answer who is registered
    assert kring.attendees(meeting) == ["Anna"]
    mails = kring.new_mail()
    repeated = only(mails, "anna@gemeente.example")
    assert repeated.calendars == []
    assert "Anna" in repeated.text
    assert invitation.message["Message-ID"] != repeated.message["Message-ID"]

    key = {"Idempotency-Key": "a-double-click-42"}
    twice = [kring.sign_up(meeting, "Cora", headers=key) for _ in range(2)]
    other = kring.sign_up(meeting, "Dirk", headers=key)
    assert [answer.json for answer in twice] == [{"status": "waitlisted", "place": 2}] * 2
    assert other.status_code == 409
    assert len(kring.new_mail()["cora@gemeente.example"]) == 1


def test_one_correlation_id_from_the_click_to_the_mail(kring: Kring) -> None:
    meeting = kring.publish()

    answer = kring.sign_up(meeting, "Anna", headers={"X-Correlation-Id": "the-click-of-anna"})

    assert answer.headers["X-Correlation-Id"] == "the-click-of-anna"
    assert only(kring.new_mail(), "anna@gemeente.example").message["X-Correlation-Id"] == "the-click-of-anna"


WISH = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper"}
DRAFT = "/v1/meetings"
SIGN_UP = "/registration/v1/meetings/{}/registrations"


@pytest.mark.parametrize(
    ("path", "sent", "refused", "beside"),
    [
        (SIGN_UP, {"json": {**WISH, "targetGroup": "tovenaar"}}, (400, "invalid-input"), "targetGroup"),
        (SIGN_UP, {"json": {**WISH, "targetGroup": "bestuurder"}}, (400, "invalid-input"), "targetGroup"),
        (SIGN_UP, {"json": {**WISH, "name": "An\x07na"}}, (400, "invalid-input"), "name"),
        (SIGN_UP, {"json": {**WISH, "email": "anna"}}, (400, "invalid-input"), "email"),
        (SIGN_UP, {"data": b'{"name": ', "content_type": "application/json"}, (400, "invalid-input"), ""),
        (SIGN_UP, {"data": BIG, "content_type": "application/json"}, (413, None), None),
        (SIGN_UP, {"data": b"name=Anna"}, (415, None), None),
        (SIGN_UP.replace("{}", NOBODY), {"json": WISH}, (404, "meeting-unknown"), None),
        (DRAFT, {"json": {**READY, "endsAt": "2027-06-10T13:00"}}, (400, "invalid-input"), "endsAt"),
        (DRAFT, {"json": {**READY, "startsAt": "2027-03-28T02:30"}}, (400, "invalid-input"), "startsAt"),
        (DRAFT, {"json": {**READY, "title": {"nl": "Ka\x00pot"}}}, (400, "invalid-input"), "title.nl"),
        (DRAFT, {"json": {**READY, "targetGroups": ["tovenaar"]}}, (400, "invalid-input"), "targetGroups"),
        (DRAFT, {"data": b"[" * 100_000, "content_type": "application/json"}, (400, "invalid-input"), ""),
        (DRAFT, {"data": BIG, "content_type": "application/json"}, (413, None), None),
    ],
)
def test_input_that_is_not_right(
    installed: tuple[Kring, str], path: str, sent: Any, refused: tuple[int, str | None], beside: str | None
) -> None:
    kring, meeting_id = installed
    before = everything(kring)
    problems = f"{BASE_URL}{'/registration' if path.startswith('/registration') else ''}/problems"

    answers = {
        language: kring.ask("POST", path.format(meeting_id), {**MANAGER, "Accept-Language": language}, **sent)
        for language in ("nl", "en")
    }

    for answer in answers.values():
        status, kind = refused
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
        assert (answer.json or {})["type"] == (f"{problems}/{kind}" if kind else "about:blank")
        assert beside in [error["name"] for error in (answer.json or {}).get("errors", [{"name": None}])]
        assert "Traceback" not in answer.text
    said = [(answer.json or {})["title"] for answer in answers.values()]
    assert len(set(said)) == 2  # in the language of the request
    assert everything(kring) == before


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Any:
    folder = tmp_path_factory.mktemp("installed")
    kring = found_kring(Embedded(folder, migrated_files), folder)
    yield kring, kring.publish()["id"]
    kring.close()


def test_a_meeting_that_was_published_this_second_is_known_in_the_next(kring: Kring) -> None:
    draft = kring.ask("POST", "/v1/meetings", json=READY).json or {}
    kring.ask("POST", f"/v1/meetings/{draft['id']}/publication")

    early = kring.sign_up(draft, "Anna", headers=ENGLISH)
    kring.settle()
    later = kring.sign_up(draft, "Anna")

    assert (early.status_code, early.headers["Retry-After"]) == (404, "1")
    assert (early.json or {})["type"] == f"{BASE_URL}/registration/problems/meeting-unknown"
    assert (later.status_code, later.json) == (201, {"status": "confirmed"})


def test_a_form_that_is_not_right_says_so_beside_the_field_and_keeps_what_was_typed(kring: Kring) -> None:
    meeting = kring.publish()
    before = everything(kring)
    anna = kring.visitor()
    page = anna.get(f"/registration/meetings/{meeting['slug']}?lang=en")

    answer = anna.press(page, name="Anna", email="anna@", organisation="Gouda\x07", targetGroup="inkoper")

    assert answer.status_code == 400
    assert '<html lang="en"' in answer.text
    assert all(part in answer.text for part in ('href="#email"', 'href="#organisation"', 'value="Anna"', "anna@"))
    assert everything(kring) == before


def everything(kring: Kring) -> dict[str, list[Any]]:
    """All rows of all three databases, but for the counters of who posted how often."""
    all_tables = (catalog_tables, registration_tables, notifications_tables)
    return {
        f"{service.name}.{table.name}": rows_of(service, table)
        for service, metadata in zip(kring.assembly.services, all_tables, strict=True)
        for table in metadata.sorted_tables
        if table.name != "rate_limit"
    }


def rows_of(service: Service, table: Table) -> list[Any]:
    with service.database.reading() as session:
        return sorted(map(repr, session.execute(select(table))))
