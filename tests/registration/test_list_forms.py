"""One list in many forms, no more in it than what it is for, and each time on record."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from services.registration.commands import add_commands, first_manager_link
from services.registration.forms.attendees import AttendeeOut
from services.registration.rules.door import door_code
from shared.events.catalog import Label, Meeting, Question, RegistrationTerms, SeatPlan
from shared.web.app import settings_of
from tests.registration.conftest import World, by_hand, csrf

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOTH = (Label(code="inkoper", labels={"nl": "Inkopers"}), Label(code="beleidsmaker", labels={"nl": "Beleidsmakers"}))
TERMS = RegistrationTerms(
    ask_access=True,
    ask_diet=True,
    ask_phone=True,
    questionnaire=(
        Question(id="why", label={"nl": "Wat wilt u leren?"}),
        Question(id="lunch", label={"nl": "Blijft u lunchen?"}, kind="yes-no"),
    ),
)
PEOPLE: list[dict[str, Any]] = [
    {
        "name": "Łucja Żak",
        "organisation": "Gemeente Gouda",
        "target_group": "inkoper",
        "phone": "+31 6 12345678",
        "needs": {"access": "ringleiding", "diet": "Vegetarisch"},
        "answers": {"why": "Hoe u het doet", "lunch": "yes"},
        "listed": True,
    },
    {"name": "Bram", "organisation": "Waterschap", "target_group": "inkoper", "needs": {"diet": "vegetarisch "}},
    {"name": "李小龍", "organisation": "", "target_group": "beleidsmaker"},
]


@dataclass
class Story:
    """A meeting with three people, and who asks for its lists."""

    world: World
    facts: Meeting
    ids: dict[str, str]

    def ask(self, role: Any = "manager", accept: str = "application/json", **query: str) -> Any:
        reach: dict[str, Any] = {"helper": {"meeting_id": self.facts.id}, "organiser": {"regions": ["PV26"]}}
        headers = {**self.world.organiser(role, **reach.get(role, {})), "Accept": accept}
        return self.world.get(self.facts, "attendees", query_string=query, headers=headers)

    def fields(self, role: Any = "manager", **query: str) -> set[str]:
        return {name for line in self.ask(role, **query).json for name in line}

    def command(self, *words: str) -> str:
        service = self.world.service
        commands = add_commands(click.Group(), lambda: (service.database, settings_of(service.app)))
        done = CliRunner().invoke(commands, list(words))
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def story(world: World) -> Story:
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=9), target_groups=BOTH, registration=TERMS)
    ids = by_hand(world, facts, PEOPLE)
    return Story(world, facts, dict(zip((person["name"] for person in PEOPLE), ids, strict=True)))


def sheets(file: bytes) -> Mapping[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(file))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def text_of(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def test_the_columns_follow_the_purpose(story: Story) -> None:
    name_and_place = {"name", "organisation"}
    assert {"email", "kind", "answers", "access", "diet"} <= story.fields()
    assert "phone" not in story.fields()
    assert story.fields(purpose="door") == {
        *name_and_place, "id", "targetGroup", "attendance", "status", "phone", "needsAccess",
    }  # fmt: skip
    assert story.fields(purpose="reception") == name_and_place
    assert story.ask(purpose="participants").json == [
        {"name": "Łucja Żak", "organisation": "Gemeente Gouda", "targetGroup": "inkoper"}
    ]
    assert story.ask(purpose="catering").json == [
        {"subject": "attendance", "value": "venue", "people": 3},
        {"subject": "diet", "value": "vegetarisch", "people": 2},
    ]
    assert story.ask(purpose="report").json == [
        {"organisationKind": "", "targetGroup": "beleidsmaker", "status": "confirmed", "people": 1},
        {"organisationKind": "", "targetGroup": "inkoper", "status": "confirmed", "people": 2},
    ]
    assert story.ask(purpose="curiosity").status_code == 400


def test_everything_that_is_told_is_described(story: Story) -> None:
    told = {name for purpose in ("full", "door", "catering", "report") for name in story.fields(purpose=purpose)}
    assert told <= {field.data_key for field in AttendeeOut().fields.values()}


def test_needs_are_for_the_organisers_of_the_meeting_and_a_helper_sees_the_door_alone(story: Story) -> None:
    assert {"access", "diet"} <= story.fields("organiser")
    assert {"access", "diet"}.isdisjoint(story.fields("auditor"))
    assert "phone" in story.fields("helper")
    assert story.fields("helper") == story.fields("organiser", purpose="door")
    assert [story.ask("helper", purpose=purpose).status_code for purpose in ("full", "reception", "report")] == [
        403, 403, 403,
    ]  # fmt: skip
    assert "ringleiding" not in story.command("attendees", "inkoop")


def test_a_workbook_has_a_sheet_for_everyone_and_one_per_target_group(story: Story) -> None:
    everything = sheets(story.ask(accept=XLSX).data)
    door = sheets(story.ask(accept=XLSX, purpose="door").data)

    assert {name: [line[0] for line in lines] for name, lines in everything.items()} == {
        "Iedereen": ["Naam", "Bram", "Łucja Żak", "李小龍"],
        "Inkopers": ["Naam", "Bram", "Łucja Żak"],
        "Beleidsmakers": ["Naam", "李小龍"],
    }
    written = dict(zip(*(everything["Inkopers"][line] for line in (0, 2)), strict=True))
    assert written["Blijft u lunchen?"] == "Ja"
    assert written["Status"] == "Heeft een plek"
    assert "'+31 6 12345678" in door["Iedereen"][2]


def test_the_sheet_to_sign_has_names_and_nothing_that_others_need_not_read(story: Story) -> None:
    sheet = text_of(story.ask(accept="application/pdf", purpose="door").data)

    assert all(word in sheet for word in ("Łucja Żak", "Bram", "Inkopers", "Handtekening", "10 juni 2027"))
    assert "[U+674E][U+5C0F][U+9F8D]" in sheet.replace("\n", "")  # no font of ours knows it; nothing of it is lost
    assert "12345678" not in sheet
    counts = text_of(story.ask(accept="application/pdf", purpose="catering").data)
    assert "vegetarisch" in counts
    assert "Handtekening" not in counts


def test_every_badge_has_a_name_and_the_code_for_the_door(story: Story) -> None:
    headers = story.world.organiser()
    sign_in(story.world)
    badges = text_of(story.world.visitor.get("/registration/desk/inkoop/badges.pdf", headers=headers).data)

    assert all(door_code(registration_id) in badges for registration_id in story.ids.values())
    assert all(word in badges for word in ("Łucja Żak", "Gemeente Gouda", "Beleidsmakers"))


def test_each_time_someone_sees_or_takes_a_list_is_on_record(story: Story) -> None:
    sign_in(story.world)
    desk = "/registration/desk/inkoop"
    for address in (f"{desk}/attendees?purpose=reception", f"{desk}/attendees.xlsx?targetGroup=inkoper", desk):
        assert story.world.visitor.get(address).status_code == 200
    story.ask(purpose="catering")
    assert story.ask("helper", purpose="full").status_code == 403

    lines = [line.split("\t")[1:] for line in story.command("list-access", "inkoop").splitlines()]
    assert [line[1:] for line in lines] == [
        ["catering", "json", "all", "3"],
        ["full", "xlsx", "inkoper", "2"],
        ["reception", "page", "all", "3"],
    ]
    assert lines[1][0] == "manager@kring.example"
    page = story.world.visitor.get(f"{desk}/list-access").text
    assert page.index("Catering") < page.index("XLSX") < page.index("Receptie van het gebouw")
    assert page.count("manager@kring.example") == 2


def test_the_record_is_for_auditors_and_managers(story: Story) -> None:
    assert story.world.visitor.get("/registration/desk/inkoop/list-access").status_code == 303
    sign_in(story.world)
    assert "list-access" in story.world.visitor.get("/registration/desk/inkoop").text


def test_a_command_writes_all_groups_in_any_form(story: Story, tmp_path: Path) -> None:
    out = tmp_path / "lists"
    for form in ("xlsx", "badges"):
        story.command("attendees", "inkoop", "--each", "--out", str(out), "--form", form, "--purpose", "door")

    assert {path.name for path in out.iterdir()} == {
        f"inkoop{group}-door{ending}"
        for group in ("", "-inkoper", "-beleidsmaker")
        for ending in (".xlsx", "-badges.pdf")
    }
    assert list(sheets((out / "inkoop-inkoper-door.xlsx").read_bytes())) == ["Inkopers"]


def sign_in(world: World) -> None:
    link = first_manager_link(world.service, settings_of(world.service.app)).partition("8000")[2]
    world.visitor.post(link, data={"csrf_token": csrf(world.visitor.get(link))})
