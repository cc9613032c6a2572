"""Who comes: on the desk, as JSON, and as a file that no spreadsheet program runs."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner

from services.registration.commands import add_commands, first_manager_link
from shared.cells import safe_cell
from shared.events.catalog import Label, SeatPlan
from shared.web.app import settings_of
from tests.registration.conftest import World, csrf, errors

FORMULA = '=HYPERLINK("http://evil.example";"klik")'
BOTH = (Label(code="inkoper", labels={"nl": "Inkopers"}), Label(code="beleidsmaker", labels={"nl": "Beleidsmakers"}))


def rows_of(file: bytes, between: str = ";") -> list[list[str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=between))


@pytest.fixture
def world(world: World) -> World:
    """Four people, of whom one waits and one has a formula for a name."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=3), target_groups=BOTH)
    world.sign_up(facts, "Anna", "inkoper", organisation="Gouda, afdeling inkoop")
    world.sign_up(facts, FORMULA, "beleidsmaker", email="bram@gemeente.example")
    world.sign_up(facts, "Dora", "inkoper")
    world.sign_up(facts, "Wim", "inkoper")
    return world


def meeting_id(world: World) -> str:
    return str(world.told("registration.confirmed")[0].registration.meeting_id)


def test_only_who_has_a_seat_is_on_the_list_as_json_and_as_csv(world: World) -> None:
    address = f"/registration/v1/meetings/{meeting_id(world)}/attendees"
    key = world.organiser()

    as_json = world.visitor.get(address, headers={**key, "Accept": "application/json"})
    as_csv = world.visitor.get(f"{address}?targetGroup=inkoper", headers={**key, "Accept": "text/csv"})
    english = world.visitor.get(f"{address}?lang=en", headers={**key, "Accept": "text/csv"})
    as_picture = world.visitor.get(address, headers={**key, "Accept": "image/png"})

    assert [person["name"] for person in as_json.json or []] == [FORMULA, "Anna", "Dora"]
    assert as_csv.mimetype == "text/csv"
    assert rows_of(as_csv.data) == [
        ["name", "email", "organisation", "organisationId", "targetGroup", "attendance", "status", "kind"],
        ["Anna", "anna@gemeente.example", "Gouda, afdeling inkoop", "", "inkoper", "venue", "confirmed", "participant"],
        ["Dora", "dora@gemeente.example", "", "", "inkoper", "venue", "confirmed", "participant"],
    ]
    assert [row[0] for row in rows_of(english.data, between=",")] == ["name", f"'{FORMULA}", "Anna", "Dora"]
    assert as_picture.status_code == 406


def test_a_formula_in_a_name_reaches_nobodys_spreadsheet(world: World) -> None:
    file = world.visitor.get(
        f"/registration/v1/meetings/{meeting_id(world)}/attendees",
        headers={**world.organiser(), "Accept": "text/csv"},
    ).data

    assert rows_of(file)[1][0] == f"'{FORMULA}"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31 6 12345678",
        "-1",
        "@SUM(A1)",
        "  =1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20A",
    ],
)
def test_what_could_start_a_formula_is_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("Jan;=1", "Jan;'=1"), ("Jan,  @A", "Jan,  '@A"), ("Jan\n+1", "Jan\n'+1")],
)
def test_what_another_program_could_take_for_the_next_cell_is_text_too(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


@pytest.mark.parametrize("text", ["Anna", "a=b", "1-2", "", "Jan & Piet", "d'Arc"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_the_list_of_registrations_is_paged_and_filtered(world: World) -> None:
    address = f"/registration/v1/meetings/{meeting_id(world)}/registrations"
    key = world.organiser()

    first = world.visitor.get(f"{address}?targetGroup=inkoper&limit=2", headers=key)
    waiting = world.visitor.get(f"{address}?status=waitlisted", headers=key)
    wrong = world.visitor.get(f"{address}?targetGroup=tovenaar", headers=key)

    assert [person["name"] for person in first.json or []] == ["Anna", "Dora"]
    assert 'rel="next"' in first.headers["Link"]
    assert [(person["name"], person["place"], person["placeInGroup"]) for person in waiting.json or []] == [
        ("Wim", 1, 1)
    ]
    assert wrong.status_code == 400
    assert errors(wrong)[0]["name"] == "targetGroup"


def test_an_organiser_of_another_region_sees_nothing(world: World) -> None:
    own, other = world.organiser("organiser", regions=["PV26"]), world.organiser("organiser", regions=["PV20"])
    address = f"/registration/v1/meetings/{meeting_id(world)}"

    assert [
        world.visitor.get(f"{address}/{what}", headers=own).status_code for what in ("attendees", "registrations")
    ] == [200, 200]
    assert [
        world.visitor.get(f"{address}/{what}", headers=other).status_code for what in ("attendees", "registrations")
    ] == [403, 403]
    assert [world.visitor.get(f"{address}/{what}").status_code for what in ("attendees", "registrations")] == [401, 401]


def test_the_desk_shows_seats_the_line_and_a_list_per_target_group(world: World) -> None:
    link = urlsplit(first_manager_link(world.service, settings_of(world.service.app))).path
    button = world.visitor.get(link)
    world.visitor.post(link, data={"csrf_token": csrf(button)})

    desk = world.visitor.get("/registration/desk").text
    meeting = world.visitor.get("/registration/desk/inkoop").text
    file = world.visitor.get("/registration/desk/inkoop/attendees.csv?targetGroup=beleidsmaker")

    assert "/registration/desk/inkoop" in desk
    assert "Bezet: 3 van de 3 plekken" in meeting
    assert meeting.index("Wachtlijst") < meeting.index("Wim") < meeting.index(">Deelnemerslijsten</h2>")
    counts = re.findall(r'<th scope="row">(\w+)</th><td>(\d+)</td><td><ul', re.sub(r">\s+<", "><", meeting))
    assert counts == [("Iedereen", "3"), ("Inkopers", "2"), ("Beleidsmakers", "1")]
    assert [row[4] for row in rows_of(file.data)[1:]] == ["beleidsmaker"]


def test_one_command_writes_the_lists_of_all_target_groups_at_once(world: World, tmp_path: Path) -> None:
    commands = add_commands(click.Group(), lambda: (world.service.database, settings_of(world.service.app)))

    done = CliRunner().invoke(commands, ["attendees", "inkoop", "--each", "--out", str(tmp_path / "lists")])

    assert done.exit_code == 0, done.output
    lists = {path.name: [row[0] for row in rows_of(path.read_bytes())[1:]] for path in (tmp_path / "lists").iterdir()}
    assert {name: len(people) for name, people in lists.items()} == {
        "inkoop.csv": 3,
        "inkoop-inkoper.csv": 2,
        "inkoop-beleidsmaker.csv": 1,
    }


def test_a_command_says_what_is_wrong_in_one_line(world: World) -> None:
    commands = add_commands(click.Group(), lambda: (world.service.database, settings_of(world.service.app)))

    unknown = CliRunner().invoke(commands, ["attendees", "nergens"])
    group = CliRunner().invoke(commands, ["attendees", "inkoop", "--target-group", "tovenaar"])

    assert (unknown.exit_code, group.exit_code) == (1, 1)
    assert unknown.output == "Error: there is no published meeting nergens\n"
    assert "tovenaar" in group.output
