"""Whatever people typed, a list is text: in spreadsheet programs, on paper and on pages."""

import csv
import html
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import Link
from pypdf.generic import IndirectObject, NameObject

from services.registration.rules.purposes import PURPOSES
from services.registration.tables import registration
from shared.db.transaction import new_id
from shared.events.catalog import Meeting, Question, RegistrationTerms, SeatPlan
from tests.builders import NOON
from tests.grounds import Embedded
from tests.registration.conftest import World
from tests.registration.hostile import hostile_strings
from tests.registration.test_list_forms import XLSX, sign_in

HOSTILE = hostile_strings()
TERMS = RegistrationTerms(
    ask_access=True,
    ask_diet=True,
    ask_phone=True,
    questionnaire=(Question(id="=1+1", label={"nl": "=HYPERLINK(A1)"}), Question(id="b", label={"nl": "<b>vet</b>"})),
)
ACTIVE = {"/URI", "/JavaScript", "/JS", "/Launch", "/GoToR", "/SubmitForm", "/EmbeddedFile", "/Annots", "/AA"}
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture
def ground(embedded: Embedded) -> Embedded:
    return embedded


@pytest.fixture
def facts(world: World) -> Meeting:
    """A meeting where everyone's every field is hostile."""
    facts = world.publish(
        slug="vijandig", title={"nl": "=1+1 <b>vet</b>"}, seat_plan=SeatPlan(capacity=500), registration=TERMS
    )
    with world.service.database.begin() as tx:
        rows = [a_row(facts.id, number, text) for number, text in enumerate(HOSTILE)]
        tx.session.execute(registration.insert(), rows)
    return facts


def a_row(meeting_id: str, number: int, text: str) -> dict[str, Any]:
    """Someone who got past every form."""
    return {
        "id": new_id(),
        "meeting_id": meeting_id,
        "address_key": f"{number}@gemeente.example",
        "email": text,
        "name": text,
        "organisation": text,
        "organisation_id": text,
        "target_group": "beleidsmaker" if number % 2 else "<b>:[=1+1]*?/",
        "status": "confirmed",
        "attendance": "venue",
        "language": "nl",
        "answers": {"=1+1": text, "b": [text, text]},
        "needs": {"access": text, "diet": text},
        "phone": text,
        "note": text,
        "listed": True,
        "queue_number": number,
        "cause": "organiser",
        "asked_at": NOON,
        "created_at": NOON,
    }


def taken(world: World, facts: Meeting, accept: str, **query: str) -> bytes:
    answer = world.get(
        facts,
        "attendees",
        query_string=query,
        headers={**world.organiser("organiser", regions=["PV26"]), "Accept": accept},
    )
    assert answer.status_code == 200
    return bytes(answer.data)


def test_there_are_five_hundred() -> None:
    assert len(set(HOSTILE)) == 500


@pytest.mark.parametrize(("language", "between"), [("nl", ";"), ("en", ",")])
def test_no_cell_of_a_csv_begins_a_formula_whatever_a_program_splits_at(
    world: World, facts: Meeting, language: str, between: str
) -> None:
    for purpose in PURPOSES:
        text = taken(world, facts, "text/csv", lang=language, purpose=purpose).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not [cell for row in rows for cell in row if FORMULA.match(cell)]
        assert not [cell for row in rows for cell in re.split(r"[;,\t\r\n]", ";".join(row)) if FORMULA.match(cell)]
    names = {row[0] for row in csv.reader(io.StringIO(text_of_full(world, facts), newline=""), delimiter=";")}
    assert {"'+31 6 12345678", "Łucja Żółć", "x" * 40_000} <= names


def text_of_full(world: World, facts: Meeting) -> str:
    return taken(world, facts, "text/csv").decode("utf-8-sig")


def test_a_workbook_holds_text_and_nothing_else(world: World, facts: Meeting) -> None:
    for purpose in PURPOSES:
        file = taken(world, facts, XLSX, purpose=purpose)
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(file)) for row in sheet for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
        assert not [cell.value for cell in cells if cell.data_type == "n" and not isinstance(cell.value, int | None)]
        assert not [cell.value for cell in cells if cell.hyperlink or FORMULA.match(str(cell.value))]
        with zipfile.ZipFile(io.BytesIO(file)) as parts:
            xml = b"".join(parts.read(name) for name in parts.namelist())
        tags = set(re.findall(rb"<(?:\w+:)?(\w+)", xml))
        assert {b"f", b"hyperlink", b"r", b"oleLink", b"ddeLink", b"externalReference"}.isdisjoint(tags)


def keys_of(node: object, seen: set[int]) -> Iterator[str]:
    """Every key and name in what a PDF's objects say, each object once; the compressed drawing itself is not read."""
    if isinstance(node, IndirectObject):
        if node.idnum in seen:
            return
        seen.add(node.idnum)
        node = node.get_object()
    if isinstance(node, NameObject):
        yield node
    parts = [*node, *node.values()] if isinstance(node, dict) else node if isinstance(node, list) else []
    for part in parts:
        yield from keys_of(part, seen)


def test_the_search_for_what_is_active_on_paper_finds_it() -> None:
    paper = PdfWriter()
    paper.add_blank_page(100, 100)
    paper.add_open_action(JavaScript("app.alert(1)"))
    paper.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://kring.example"))
    assert {"/JS", "/JavaScript", "/URI", "/Annots"} <= set(keys_of(paper.root_object, set()))


def test_paper_has_no_link_and_no_script_and_loses_nobody(world: World, facts: Meeting) -> None:
    sign_in(world)
    badges = world.visitor.get("/registration/desk/vijandig/badges.pdf").data
    sheet = taken(world, facts, "application/pdf")
    for file in (sheet, badges):
        assert ACTIVE.isdisjoint(keys_of(PdfReader(io.BytesIO(file)).root_object, set()))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages)
    seen = re.sub(r"\s", "", text)
    for name in (
        "<b>vet</b>",
        "**vet**__lijn__--door--",
        "ŁucjaŻółć",
        "АхмедИванов",
        "[U+674E]",
        "+31612345678",
        "מרים",
    ):
        assert name in seen


class _Page(HTMLParser):
    """Every element of a page but those that bring in a file of ours, and every address it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not (dict(attrs).get("src") or "").startswith("/registration/static/"):
            self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action"}]
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_pages_show_text(world: World, facts: Meeting) -> None:
    del facts
    sign_in(world)
    for address in ("attendees", "attendees?purpose=catering", "attendees?purpose=report", "list-access", ""):
        answer = world.visitor.get(f"/registration/desk/vijandig/{address}".rstrip("/"))
        assert answer.status_code == 200
        page = _Page(answer.text)
        assert {"script", "b", "img", "r", "x"}.isdisjoint(page.tags)
        assert not [address for address in page.addresses if not address.startswith(("/", "#", "?", "data:,"))]


def test_libreoffice_opens_the_files_and_sees_text(world: World, facts: Meeting, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(taken(world, facts, "text/csv", lang="en"))
    (tmp_path / "dutch.csv").write_bytes(taken(world, facts, "text/csv", lang="nl"))
    (tmp_path / "book.xlsx").write_bytes(taken(world, facts, XLSX))
    home, out = f"-env:UserInstallation=file://{tmp_path}/home", tmp_path / "out"
    files = [str(tmp_path / name) for name in ("list.csv", "dutch.csv", "book.xlsx")]
    convert = ["soffice", home, "--headless", "--convert-to", "fods", "--outdir", str(out), *files]
    subprocess.run(convert, check=True, capture_output=True, timeout=300)
    for name in ("list", "dutch", "book"):
        seen = html.unescape((out / f"{name}.fods").read_text())
        assert not re.findall(r"<text:a |xlink:href|table:formula=.*", seen), name
        assert all(word in seen for word in ("'+31 6 12345678", "<b>vet</b>", "'=1+1"))
