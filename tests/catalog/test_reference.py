"""The words of the network: known from the start, told once, and imported."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.catalog.app import build
from services.catalog.commands.organisations import organisations
from services.catalog.rules.addresses import Addresses
from services.catalog.settings import Settings
from shared.events import CONTRACTS
from tests.catalog.conftest import World

ROWS = [
    ("GM0344", "https://identifier.overheid.nl/tooi/id/gemeente/gm0344", "Utrecht", "PV26"),
    ("GM0070", "https://identifier.overheid.nl/tooi/id/gemeente/gm0070", "Franekeradeel-Oost", "PV21"),
]


def write(folder: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    file = folder / "municipalities.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["cbs_code", "tooi_id", "name", "province_code"])
        writer.writerows(rows)
    return file


def import_(world: World, file: Path) -> tuple[int, str]:
    group = organisations(lambda: (world.service.database, Addresses("http://127.0.0.1:8000")))
    done = CliRunner().invoke(group, ["import", str(file)])
    return done.exit_code, done.output


def named(world: World, query: str) -> list[str]:
    return [each["name"] for each in world.public.get(f"/v1/organisations?{query}").json or []]


def test_the_network_knows_its_words_from_the_start(world: World) -> None:
    def codes(path: str) -> list[str]:
        return [word["code"] for word in world.public.get(path).json or []]

    assert codes("/v1/regions") == [f"PV{number}" for number in range(20, 32)] + ["NL"]
    assert codes("/v1/target-groups")[0::6] == ["bestuurder", "inkoper"]
    assert "circulair" in codes("/v1/themes")
    assert len(codes("/v1/organisations")) == 12 + 21
    assert named(world, "q=fryslan") == ["provincie Fryslân", "Wetterskip Fryslân"]
    assert len(world.told("reference.changed")) == 13 + 8 + 7 + 33


def test_a_second_start_tells_nothing_again(world: World) -> None:
    before = len(world.told("reference.changed"))
    settings = Settings(world.service.app.config["KRING_SETTINGS"])
    again = build(settings, clock=world.clock)
    again.database.engine.dispose()
    assert len(world.told("reference.changed")) == before


def test_municipalities_are_imported_and_twice_changes_nothing(world: World, tmp_path: Path) -> None:
    code, said = import_(world, write(tmp_path, ROWS))
    assert (code, said.splitlines()[-1]) == (0, "2 organisations read, 2 new or different")
    assert named(world, "q=utre") == ["provincie Utrecht", "Utrecht"]
    told = world.told("reference.changed")
    assert told[-1].region == "PV21"

    assert import_(world, write(tmp_path, ROWS))[1].splitlines()[-1] == "2 organisations read, 0 new or different"
    renamed = [ROWS[0], (*ROWS[1][:2], "Waadhoeke", "PV21")]
    assert "1 new or different" in import_(world, write(tmp_path, renamed))[1]
    assert len(world.told("reference.changed")) == len(told) + 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("GM0344", "https://example.com/gm0344", "Utrecht", "PV26"), "line 3"),
        (("GM0070", ROWS[1][1], "Franeker", "PV99"), "'PV99' is not a province"),
        (("GM0070", ROWS[1][1], "", "PV21"), "has no name"),
        (("GM0070",), "line 3"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing(world: World, tmp_path: Path, row: tuple[str, ...], why: str) -> None:
    code, said = import_(world, write(tmp_path, [ROWS[0], row]))
    assert code == 1
    assert why in said
    assert named(world, "q=utrecht") == ["provincie Utrecht"]


def test_other_files_are_refused_in_one_sentence(world: World, tmp_path: Path) -> None:
    for content in (b"naam;code\nUtrecht;GM0344\n", b"\xff\xfe\x00", b""):
        file = tmp_path / "other.csv"
        file.write_bytes(content)
        code, said = import_(world, file)
        assert code == 1
        assert said.startswith("Error: other.csv")


def test_the_documents_for_programmers(world: World) -> None:
    def document(path: str) -> dict[str, Any]:
        answer = world.public.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        found: dict[str, Any] = answer.json or {}
        return found

    events = document("/events.json")
    assert events["asyncapi"].startswith("3.")
    assert set(CONTRACTS) <= set(events["components"]["messages"])
    api = document("/v1/openapi.json")
    assert api["openapi"].startswith("3.1")
    assert {"/meetings", "/meetings/{meetingId}/publication", "/organisations"} <= set(api["paths"])
    assert world.public.get("/v1/docs").status_code == 200
