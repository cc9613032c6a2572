"""One machine's units: systemd itself reads them, and they run what is there, closed in, with settings that start."""

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.one_machine import require_production
from services.notifications.settings import read_settings
from shared.defaults import with_defaults

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
KRING, BACKUP = UNITS / "kring.service", UNITS / "kring-backup.service"


def keys(unit: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser documents it
    parser.read_string(unit.read_text().replace("\\\n", " "))
    return parser["Service"]


def test_systemd_finds_nothing_to_say_about_them(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "tests/system-packages.txt names it"
    for unit in UNITS.glob("kring*.*"):
        text = unit.read_text().replace("/opt/kring/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text)
    units = sorted(file for file in tmp_path.iterdir() if file.suffix in {".service", ".timer"})

    done = subprocess.run([program, "verify", "--man=no", *units], capture_output=True, text=True, check=False)

    assert len(units) == 3
    assert [line for line in done.stderr.splitlines() if "kring" in line] == []


@pytest.mark.parametrize("unit", [KRING, BACKUP], ids=lambda unit: unit.name)
def test_they_run_a_module_of_ours_as_nobody_in_particular_on_a_system_they_cannot_change(unit: Path) -> None:
    service = keys(unit)
    words = shlex.split(service["ExecStart"])

    assert words[1] == "-m"
    assert (UNITS.parents[1] / f"{words[2].replace('.', '/')}.py").exists()
    assert service["User"] == "kring"
    closed_in = ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices")
    assert {service[name] for name in closed_in} == {"yes"}
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"], service["UMask"]) == ("strict", "", "0077")


def test_what_ends_is_started_again_and_copies_lie_apart_from_the_ledger() -> None:
    assert keys(KRING)["Restart"] == "always"
    words = shlex.split(keys(BACKUP)["ExecStart"])
    folder, ledger = Path(words[4]), Path(words[words.index("--erasures") + 1])

    assert words[2:4] == ["deploy.backup", "save"]
    assert folder != ledger.parent
    written = {f"/var/lib/{name}" for name in keys(BACKUP)["StateDirectory"].split()}
    assert {str(folder), str(ledger.parent)} <= written


def test_the_settings_that_come_along_are_complete_once_they_are_filled_in(tmp_path: Path) -> None:
    lines = shlex.split((UNITS / "kring.env").read_text(), comments=True)
    given = {**dict(line.split("=", 1) for line in lines), "KRING_DATA": str(tmp_path)}

    require_production(given)

    assert read_settings(with_defaults(given, "notifications")).common.is_public
