"""Meetings from files of other programs: by the API, on the page, by the command; twice is once."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from xlsxwriter import Workbook

from services.catalog.app import build
from services.catalog.commands.meetings import meetings
from services.catalog.forms.imports import CALENDAR, CSV, XLSX
from services.catalog.pages.organise.saving import save_part
from services.catalog.rules.addresses import Addresses
from services.catalog.settings import Settings
from shared.cells import csv_file
from shared.events.registration import AccessChanged
from shared.people.grants import secret_hash
from shared.web.access import SIGN_IN_COOKIE
from shared.web.fetching import Fetched
from tests.builders import tell
from tests.catalog.conftest import READY, SAME_SITE, World, as_object, errors
from tests.catalog.sending import fields_of

CALENDAR_FILE = """\
BEGIN:VCALENDAR
X-WR-CALNAME:Warmte
BEGIN:VEVENT
UID:1@there.example
SEQUENCE:{sequence}
DTSTART;TZID=W. Europe Standard Time:20270610T140000
DTEND;TZID=W. Europe Standard Time:20270610T170000
SUMMARY:{title}
DESCRIPTION:Wat werkt\\, en wat niet?
LOCATION:Stadhuis
END:VEVENT
BEGIN:VEVENT
UID:2@there.example
DTSTART:20270611T080000Z
DURATION:PT1H
SUMMARY:Online
LOCATION:https://video.example/secret-room
END:VEVENT
BEGIN:VEVENT
UID:3@there.example
SUMMARY:Ooit
END:VEVENT
END:VCALENDAR
"""
SHEET = """\
title.nl;startsAt;endsAt;regions;targetGroups;seatPlan.capacity;seatPlan.reserved.inkoper;venue.city;kleur
Warmte;10-06-2027 14.00;2027-06-10 17:00;PV26;inkoper, bestuurder;40;10;Utrecht;rood
Koude;10-06-2027 14.00;10-06-2027 13.00;PV26;;;;;
Wind;morgen;10-06-2027 13.00;PV99;;;;;
"""


def a_calendar(title: str = "Warmte", sequence: int = 0) -> bytes:
    return CALENDAR_FILE.format(title=title, sequence=sequence).replace("\n", "\r\n").encode()


def send(world: World, source: bytes, kind: str = CALENDAR, **options: Any) -> TestResponse:
    return world.ask("POST", "/v1/imports", data=source, content_type=kind, **options)


def results(answer: TestResponse) -> list[str]:
    assert answer.status_code in (200, 201), answer.json
    return [entry["result"] for entry in as_object(answer)["entries"]]


def meeting(world: World, answer: TestResponse, number: int = 0) -> dict[str, Any]:
    entry = as_object(answer)["entries"][number]
    return as_object(world.ask("GET", f"/v1/meetings/{entry['meetingId']}"))


def test_a_calendar_becomes_drafts_and_what_is_wrong_is_said(world_on: World) -> None:
    world = world_on
    answer = send(world, a_calendar(), headers={"Accept-Language": "nl"})
    assert (answer.status_code, results(answer)) == (201, ["made", "made", "skipped"])
    assert as_object(answer)["entries"][2]["why"] == "Er staat niet bij wanneer het begint."
    first, online = meeting(world, answer), meeting(world, answer, 1)
    assert (first["title"], first["status"]) == ({"nl": "Warmte"}, "draft")
    assert (first["startsAt"], first["endsAt"]) == ("2027-06-10T12:00:00Z", "2027-06-10T15:00:00Z")
    assert first["timeZone"] == "Europe/Amsterdam"
    assert (first["description"]["nl"], first["venue"]["name"]) == ("Wat werkt, en wat niet?", "Stadhuis")
    assert (online["venue"], online["onlineUrl"]) == (None, "https://video.example/secret-room")

    again = send(world, a_calendar())
    assert (again.status_code, results(again)) == (200, ["unchanged", "unchanged", "skipped"])
    assert len(world.ask("GET", "/v1/meetings?status=draft").json or []) == 2


def test_a_newer_version_changes_the_draft_and_leaves_what_the_organiser_wrote(world: World) -> None:
    made = meeting(world, send(world, a_calendar(sequence=2)))
    world.change(made["id"], {"venue": {"city": "Utrecht"}, "region": "PV26"})

    assert results(send(world, a_calendar("Warmtenetten", 1)))[0] == "skipped"
    updated = send(world, a_calendar("Warmtenetten", 3))
    assert results(updated)[0] == "updated"
    now = meeting(world, updated)
    assert (now["title"]["nl"], now["venue"]["city"], now["regions"]) == ("Warmtenetten", "Utrecht", ["PV26"])


def test_what_was_published_is_not_changed_by_a_file(world: World) -> None:
    made = meeting(world, send(world, a_calendar()))
    world.change(made["id"], {"region": "PV26", "seatPlan": {"capacity": 9}, "organiser": READY["organiser"]})
    assert world.ask("POST", f"/v1/meetings/{made['id']}/publication").status_code == 200

    for _ in range(2):
        answer = send(world, a_calendar("Warmtenetten"), headers={"Accept-Language": "en"})
        assert results(answer)[0] == "skipped"
        assert "published here" in as_object(answer)["entries"][0]["why"]
    assert meeting(world, answer)["title"]["nl"] == "Warmte"


def test_what_is_gone_there_is_told_and_stays(world: World) -> None:
    first = send(world, a_calendar())
    gone = as_object(first)["entries"][1]
    without = a_calendar().replace(b"BEGIN:VEVENT\r\nUID:2@", b"BEGIN:VTODO\r\nUID:2@")
    assert as_object(send(world, without))["vanished"] == [{"uid": gone["uid"], "meetingId": gone["meetingId"]}]
    assert meeting(world, first, 1)["status"] == "draft"


def test_an_organiser_takes_over_what_is_in_their_own_regions(world: World) -> None:
    world.give_key("noor", "organiser", "PV26")
    mine = meeting(world, send(world, a_calendar(), key="noor"))
    assert mine["regions"] == ["PV26"]
    elsewhere = send(world, SHEET.replace("PV26", "PV30").encode(), CSV, key="noor", headers={"Accept-Language": "en"})
    assert as_object(elsewhere)["entries"][0]["why"] == "It is for a region in which you do not organise."
    assert world.public.post("/v1/imports", data=a_calendar(), content_type=CALENDAR).status_code == 401
    world.give_key("audit", "auditor")
    assert send(world, a_calendar(), key="audit").status_code == 403


def test_a_spreadsheet_as_text_becomes_drafts(world: World) -> None:
    answer = send(world, SHEET.encode("utf-8-sig"), CSV, headers={"Accept-Language": "en"})
    assert results(answer) == ["made", "skipped", "skipped"]
    entries, warnings = as_object(answer)["entries"], as_object(answer)["warnings"]
    assert warnings == ["There is no column 'kleur'; it was left out."]
    assert entries[1]["why"] == "endsAt: The end must be later than the start."
    assert (
        entries[2]["why"]
        == "startsAt: This is not a date and time, like 2027-06-12T14:00. regions: There is no 'PV99'."
    )
    made = meeting(world, answer)
    assert (made["startsAt"], made["venue"]["city"]) == ("2027-06-10T12:00:00Z", "Utrecht")
    assert (made["seatPlan"]["capacity"], made["seatPlan"]["reserved"]) == (40, {"inkoper": 10})
    assert made["targetGroups"] == ["inkoper", "bestuurder"]
    assert results(send(world, SHEET.encode(), CSV))[0] == "unchanged"
    assert results(send(world, SHEET.replace(";Utrecht", ";Zeist").encode(), CSV))[0] == "updated"


def test_a_file_of_ours_comes_back_without_what_made_it_safe(world: World) -> None:
    title, place = "=Samen; +31 inkopen", "@ het stadhuis"
    rows = [[title, "2027-06-10T14:00", "2027-06-10T17:00", "PV26", place]]
    ours = csv_file(["title.nl", "startsAt", "endsAt", "regions", "venue.name"], rows, "nl")
    assert f"'{place}".encode() in ours
    made = meeting(world, send(world, ours, CSV))
    assert (made["title"]["nl"], made["venue"]["name"]) == (title, place)


def a_workbook(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def test_a_workbook_becomes_drafts(world: World) -> None:
    rows = [line.split(";") for line in SHEET.splitlines()]
    answer = send(world, a_workbook(rows), XLSX)
    assert results(answer) == ["made", "skipped", "skipped"]
    assert meeting(world, answer)["title"] == {"nl": "Warmte"}


def bomb(inside: bytes) -> bytes:
    """A workbook whose first sheet is ``inside``."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(a_workbook([["title.nl"]]))) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = inside if part.filename.endswith("sheet1.xml") else before.read(part)
            after.writestr(part.filename, content)
    return file.getvalue()


LEVELS = b"".join(b'<!ENTITY l%d "%b">' % (n, (b"&l%d;" % (n - 1) if n else b"ha") * 10) for n in range(10))
SHEET_ROW = b'<worksheet><sheetData><row><c t="str"><v>&l9;</v></c></row></sheetData></worksheet>'
LAUGHS = b"<!DOCTYPE x [%b]>%b" % (LEVELS, SHEET_ROW)
"""Ten thousand million words of two letters, in a few lines."""


@pytest.mark.parametrize(
    ("source", "kind", "status", "why"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), CALENDAR, 413, "file-too-large"),
        (b"x" * (2 * 1024 * 1024 + 1), CSV, 413, "file-too-large"),
        (b"title.nl\n" + b"x\n" * 3_000, CSV, 413, "file-too-large"),
        (bomb(b" " * 60 * 1024 * 1024), XLSX, 413, "file-too-large"),
        (bomb(LAUGHS), XLSX, 400, "unreadable-file"),
        (b"PK\x03\x04 no zip", XLSX, 400, "unreadable-file"),
        (b"<html>", CALENDAR, 400, "no-calendar"),
        (a_calendar().replace(b"X-WR", b"METHOD:REQUEST\r\nX-WR"), CALENDAR, 400, "not-published"),
        (b"", CSV, 400, "no-rows"),
        (b"{}", "application/json", 415, "about:blank"),
    ],
)
def test_what_cannot_be_taken_over_is_refused_in_words(
    world: World, source: bytes, kind: str, status: int, why: str
) -> None:
    answer = send(world, source, kind)
    assert answer.status_code == status
    found = as_object(answer)
    assert (found["errors"][0]["code"] if status == 400 else found["type"].rpartition("/")[2]) == why
    assert not world.ask("GET", "/v1/meetings?status=draft").json


class Elsewhere:
    """What stands at addresses, in place of the internet."""

    def fetch(self, url: str, *, largest: int) -> Fetched:
        assert largest == 2 * 1024 * 1024
        return Fetched(url, 200 if url.endswith("/warmte.ics") else 404, {}, a_calendar())


@pytest.fixture
def page(world: World) -> Iterator[FlaskClient]:
    """Someone who signed in for Utrecht, where a calendar stands at an address."""
    settings = Settings(world.service.app.config["KRING_SETTINGS"])
    service = build(settings, clock=world.clock, fetcher=Elsewhere())  # type: ignore[arg-type]  # all that is asked of it
    yield service.app.test_client()
    service.database.engine.dispose()


def hand_in(organiser: FlaskClient, **given: Any) -> TestResponse:
    token = fields_of(organiser.get("/organise/imports").text, "/organise/imports")["csrf_token"][0]
    return organiser.post("/organise/imports", data={"csrf_token": token, **given}, headers=SAME_SITE)


def test_on_the_page_everything_is_seen_before_it_is_saved(world: World, organiser: FlaskClient) -> None:
    handed = hand_in(organiser, file=(io.BytesIO(a_calendar()), "warmte.ics"))
    assert handed.status_code == 303, handed.text
    preview = organiser.get(handed.location).text
    assert all(
        words in preview for words in ("nieuw concept: 2", "weggelaten: 1", "10 juni 2027", "wanneer het begint")
    )
    assert not world.ask("GET", "/v1/meetings?status=draft").json

    typed = fields_of(preview, handed.location)
    for _ in range(2):
        assert organiser.post(handed.location, data=typed, headers=SAME_SITE).status_code == 303
    saved = organiser.get(handed.location).text
    assert "nieuw concept: 2" in saved
    drafts = world.ask("GET", "/v1/meetings?status=draft").json or []
    assert [draft["regions"] for draft in drafts] == [["PV26"], ["PV26"]]
    assert f"/organise/meetings/{drafts[0]['id']}" in saved

    world.clock.forward(days=1)
    world.work()
    assert organiser.get(handed.location).status_code == 404


def test_a_large_file_is_saved_by_itself_and_found_again(world_on: World) -> None:
    world_on.give_key("of-utrecht", "organiser", "PV26")
    organiser = world_on.service.app.test_client()
    organiser.set_cookie(SIGN_IN_COOKIE, "of-utrecht")
    lines = [f"Bijeenkomst {number};10-06-2027 14.00;10-06-2027 17.00" for number in range(220)]
    handed = hand_in(organiser, file=(io.BytesIO("\n".join(["title.nl;startsAt;endsAt", *lines]).encode()), "veel.csv"))
    typed = fields_of(organiser.get(handed.location).text, handed.location)
    assert organiser.post(handed.location, data=typed, headers=SAME_SITE).status_code == 303
    begun, found = organiser.get(handed.location).text, organiser.get("/organise/imports").text
    with world_on.service.database.begin() as tx:
        save_part(tx, handed.location.rpartition("/")[2], Addresses("http://127.0.0.1:8000"), kept_days=60)
    assert organiser.post(handed.location, data=typed, headers=SAME_SITE).status_code == 303
    halfway = organiser.get(handed.location).text
    world_on.work()
    saved = organiser.get(handed.location).text

    assert ("0 van 220" in begun, "200 van 220" in halfway) == (True, True)
    assert re.search(rf'{handed.location}">veel.csv</a></th><td>[^<]*</td><td>wordt bewaard', found)
    assert "nieuw concept: 220" in saved
    drafts = world_on.ask("GET", "/v1/meetings?status=draft&limit=500").json or []
    assert {draft["title"]["nl"] for draft in drafts} == {f"Bijeenkomst {number}" for number in range(220)}
    assert len(drafts) == 220


def test_what_cannot_be_is_said_beside_the_field(organiser: FlaskClient) -> None:
    assert errors(hand_in(organiser).text) == {"file": "Kies een bestand of geef een adres."}
    broken = hand_in(organiser, file=(io.BytesIO(b"PK\x03\x04"), "a.xlsx"))
    assert (broken.status_code, errors(broken.text)) == (400, {"file": "Dit bestand is niet te lezen."})
    inside = hand_in(organiser, address="https://127.0.0.1/calendar.ics")
    assert errors(inside.text) == {"address": "Dit adres staat niet op het openbare web."}
    assert fields_of(inside.text, "/organise/imports")["address"] == ["https://127.0.0.1/calendar.ics"]
    plain = hand_in(organiser, address="http://there.example/calendar.ics")
    assert "https://" in errors(plain.text)["address"]


def test_a_calendar_is_taken_over_from_its_address(organiser: FlaskClient, page: FlaskClient) -> None:
    cookie = organiser.get_cookie(SIGN_IN_COOKIE)
    assert cookie
    page.set_cookie(SIGN_IN_COOKIE, cookie.value)
    handed = hand_in(page, address="https://there.example/warmte.ics")
    assert handed.status_code == 303
    assert "nieuw concept: 2" in page.get(handed.location).text
    missing = hand_in(page, address="https://there.example/nothing.ics")
    assert "niets op te halen" in errors(missing.text)["address"]


def test_another_organiser_does_not_see_what_was_handed_in(world: World, organiser: FlaskClient) -> None:
    handed = hand_in(organiser, file=(io.BytesIO(a_calendar()), "warmte.ics"))
    assert world.public.get(handed.location).status_code == 303
    session = {"id": "other", "kind": "session", "secret_hash": secret_hash("someone-else"), "person_id": "ans"}
    tell(world.service, AccessChanged(**session, role="manager"))  # type: ignore[arg-type]  # strings
    other = world.service.app.test_client()
    other.set_cookie(SIGN_IN_COOKIE, "someone-else")
    assert other.get(handed.location).status_code == 404


def test_the_command_says_what_it_did(world: World, tmp_path: Path) -> None:
    group = meetings(lambda: (world.service.database, Addresses("http://127.0.0.1:8000")), lambda: 60)
    file = tmp_path / "warmte.ics"
    file.write_bytes(a_calendar())
    for counts in ("2 made, 0 updated, 0 unchanged, 1 skipped", "0 made, 0 updated, 2 unchanged, 1 skipped"):
        done = CliRunner().invoke(group, ["import", str(file)])
        assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, counts)
        assert "skipped: Ooit: It does not say when it starts." in done.stderr
    for source, why in (("/nowhere.ics", "No such file"), ("https://localhost/x", "not on the public web")):
        done = CliRunner().invoke(group, ["import", source])
        assert (done.exit_code, why in done.output) == (1, True)
