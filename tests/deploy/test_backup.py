"""All of Kring is copied while it runs and put back on another day: nothing lost, and nobody back who was erased."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.backup import forget, main, restore, save
from services.registration.app import build_from_env
from shared.backups.commands import backup_commands
from shared.backups.errors import BackupError
from shared.backups.files import put_back
from shared.service import Service, settle
from shared.settings import SettingError
from tests.grounds import SERVICES, Ground
from tests.journeys.kring import Kring, found_kring, mine_link, only
from tests.journeys.test_my_data import in_a_minute, me, token_for, traces
from tests.waiting import eventually

WHEN = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def kring(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.close()


def environment(kring: Kring, folder: Path) -> dict[str, str]:
    """What the one process of a machine would be told."""
    settings = {name: value for name, value in kring.environments["catalog"].items() if not name.endswith("_URL")}
    databases = {f"{name.upper()}_DATABASE_URL": url for name, url in kring.databases.items()}
    return {**settings, **databases, "KRING_DATA": str(folder / "data"), "MAIL_URL": f"folder:{kring.folder}"}


def a_minute_later(kring: Kring) -> bool:
    """Let all do what they can; what was put back has heard of fewer events than were published."""
    settle(*kring.assembly.services)
    kring.clock.forward(minutes=1)
    return True


def test_who_signed_up_is_there_again_and_who_was_erased_since_is_not(kring: Kring, tmp_path: Path) -> None:
    given, ledger = environment(kring, tmp_path), tmp_path / "elsewhere" / "erasures"
    ledger.parent.mkdir()
    meeting = kring.publish()
    for name in ("Anna", "Kanarie"):
        kring.sign_up(meeting, name)
    link = mine_link(only(kring.new_mail(), "anna@gemeente.example"))

    place = save(given, tmp_path / "backups", ledger, WHEN)

    me(kring, "DELETE", token_for(kring))
    in_a_minute(kring)
    kring.sign_up(meeting, "Late")
    assert traces(kring) == []
    save(given, tmp_path / "backups", ledger, WHEN + timedelta(days=1))
    kring.close()

    restore(given, place, ledger)

    kring = kring.again()
    eventually(lambda: a_minute_later(kring) and traces(kring) == [], seconds=60)
    assert kring.attendees(meeting) == ["Anna"]
    assert kring.visitor().open(link).status_code == 200
    kring.sign_up(meeting, "Bob")
    eventually(lambda: a_minute_later(kring) and [mail for mail in kring.all_mail() if b"bob@" in mail.source])
    kring.close()


def test_one_service_is_copied_and_put_back_by_its_own_commands(kring: Kring, tmp_path: Path) -> None:
    def build() -> Service:
        return build_from_env(kring.environments["registration"])

    commands = {each.name: each for each in backup_commands(build, SERVICES / "registration" / "migrations")}
    meeting, file = kring.publish(), tmp_path / "registration.backup"
    kring.sign_up(meeting, "Anna")
    saved = CliRunner().invoke(commands["backup"], [str(file)])
    assert saved.exit_code == 0, saved.output
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"

    in_use = CliRunner().invoke(commands["restore"], [str(file)])
    assert in_use.exit_code == 1
    assert "in use" in in_use.output
    kring.close()
    put_in = CliRunner().invoke(commands["restore"], [str(file)])

    assert put_in.exit_code == 0, put_in.output
    kring = kring.again()
    assert a_minute_later(kring)
    assert kring.attendees(meeting) == ["Anna"]
    kring.close()


def test_what_is_damaged_or_of_another_release_changes_nothing(kring: Kring, tmp_path: Path) -> None:
    url, file = kring.databases["catalog"], tmp_path / "catalog.backup"
    migrations = SERVICES / "catalog" / "migrations"
    meeting = kring.publish()
    save(environment(kring, tmp_path), tmp_path, tmp_path / "erasures", WHEN)
    whole = (tmp_path / f"{WHEN:%Y-%m-%dT%H%M%SZ}" / "catalog.backup").read_bytes()
    kring.close()

    for broken in (whole[: len(whole) // 2], whole[:16] + os.urandom(4000), b"", b"something else"):
        file.write_bytes(broken)
        with pytest.raises(BackupError):
            put_back(file, url, migrations, lambda _done, _of: None)
    file.write_bytes(whole)
    with pytest.raises(BackupError, match="newer release"):
        put_back(file, url, SERVICES / "registration" / "migrations", lambda _done, _of: None)

    kring = kring.again()
    assert kring.ask("GET", f"/v1/meetings/{meeting['id']}").status_code == 200
    kring.close()


def test_old_backups_are_thrown_away_and_an_unfinished_one_is_never_put_back(tmp_path: Path) -> None:
    for name in ("2027-01-01T030000Z", "2027-02-01T030000Z", "2027-02-02T030000Z.unfinished", "something of mine"):
        (tmp_path / name).mkdir()

    assert [place.name for place in forget(tmp_path, WHEN - timedelta(days=14))] == ["2027-01-01T030000Z"]
    with pytest.raises(BackupError, match="no whole backup"):
        restore({}, tmp_path / "2027-02-02T030000Z.unfinished", tmp_path / "erasures")


def test_the_commands_say_in_one_sentence_what_is_lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRING_DATA", str(tmp_path))
    answers = [
        CliRunner().invoke(main, ["save", str(tmp_path / "backups"), "--erasures", str(tmp_path / "erasures")]),
        CliRunner().invoke(main, ["restore", str(tmp_path), "--erasures", str(tmp_path / "erasures")]),
    ]

    assert [answer.exit_code for answer in answers] == [1, 1]
    assert "There is no file" in answers[0].output
    assert "no whole backup" in answers[1].output


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://kring:x@db/kring"}, "each service has its own"),
        ({"BROKER_URL": "amqp://a:b@c"}, "none is needed"),
        ({"CATALOG_DATABASE_URL": "postgresql://c:x@db/c"}, "REGISTRATION_DATABASE_URL is missing"),
        ({"MAIL_URL": "smtp://localhost"}, "BASE_URL is missing"),
        ({"BASE_URL": "https://kring.example", "MAIL_URL": "smtp://localhost"}, "MAIL_DOMAIN is missing"),
        ({"BASE_URL": "https://kring.example"}, "MAIL_URL is missing"),
        ({"BASE_URL": "https://kring.example", "MAIL_URL": "folder:mail"}, "CONTACT_EMAIL is missing"),
    ],
)
def test_one_process_for_people_is_refused_what_only_does_for_a_try_out(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        save(given, Path(), Path(), WHEN)
