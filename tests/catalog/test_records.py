"""What the archive keeps of a meeting: facts, numbers and documents that can be checked, and nobody's name."""

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from click.testing import CliRunner

from services.catalog.commands.records import record_command
from shared.events.registration import AttendanceCounted
from tests.builders import tell
from tests.catalog.conftest import World
from tests.catalog.test_attendance import UTRECHT, count
from tests.catalog.test_files import PDF, send_file

PEOPLE = ("Noor de Vries", "noor@", "Sofie Spreker", "Piet Contact", "piet@")


def test_the_record_of_a_meeting_is_whole_and_names_nobody(world: World, tmp_path: Path) -> None:
    meeting = world.publish(
        organiser={"name": "Noor de Vries", "email": "noor@kring.example"},
        contact={"name": "Piet Contact", "email": "piet@kring.example"},
        sessions=[
            {
                "title": {"nl": "Warmtenetten"},
                "startsAt": "2027-06-10T14:30",
                "endsAt": "2027-06-10T15:30",
                "speaker": "Sofie Spreker",
                "room": "Zaal 2",
            }
        ],
        onlineUrl="https://meet.kring.example/geheim",
    )
    assert send_file(world, meeting["id"]).status_code == 201
    counts = (count(UTRECHT, "inkoper", 2, 1), count(None, "inkoper", 1, 0), count(UTRECHT, "bestuurder", 0, 1))
    tell(world.service, AttendanceCounted(meeting_id=meeting["id"], counts=counts))
    command, file = record_command(lambda: world.service.database), tmp_path / "record.zip"

    done = CliRunner().invoke(command, [meeting["slug"], str(file)])

    assert done.output == f"{file}: 1 documents\n"
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    everything = b"".join(parts.values()).decode(errors="replace")
    assert [word for word in (*PEOPLE, "meet.kring.example") if word in everything] == []
    told = json.loads(parts["meeting.json"])
    assert (told["title"], told["sessions"][0]["room"]) == (meeting["title"], "Zaal 2")
    numbers = json.loads(parts["attendance.json"])
    assert numbers["targetGroups"]["inkoper"] == {"registered": 4, "attended": 3, "noShow": 1}
    assert [organisation["id"] for organisation in numbers["organisations"]] == [UTRECHT]
    (document,) = json.loads(parts["documents.json"])
    assert parts[document["path"]] == PDF
    lines = [line.split("  ") for line in parts["checksums.txt"].decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {name: sha256(content).hexdigest() for name, content in parts.items() if name != "checksums.txt"}


def test_there_is_no_record_of_what_was_never_published(world: World, tmp_path: Path) -> None:
    done = CliRunner().invoke(record_command(lambda: world.service.database), ["nowhere", str(tmp_path / "record.zip")])

    assert (done.exit_code, done.output) == (1, "Error: no meeting nowhere was published\n")
    assert not (tmp_path / "record.zip").exists()
