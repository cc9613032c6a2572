"""The doctor asks an installation everything: a line for each answer, and what to do where one is not right."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from deploy.doctor import examine as examine_machine
from services.registration.app import build_from_env
from shared.commands import command_group
from shared.db.migrations import versions
from shared.defaults import with_defaults
from shared.doctor.databases import clocks
from shared.doctor.examination import examine
from shared.doctor.findings import Finding, ok, say, warning, wrong
from shared.restoring import inbox_of
from tests.grounds import SERVICES, Ground
from tests.journeys.kring import found_kring

MIGRATIONS = SERVICES / "registration" / "migrations"


def by_subject(findings: Iterable[Finding], level: str) -> dict[str, str]:
    found = [finding for finding in findings if finding.level == level]
    assert all(finding.remedy for finding in found if level != "ok"), "each says what to do"
    return {finding.subject: finding.words for finding in found}


def test_a_service_is_asked_what_every_service_can_be_asked(ground: Ground, tmp_path: Path) -> None:
    kring = found_kring(ground, tmp_path)
    service, flow = kring.assembly.registration, kring.assembly.registration.database.flow
    found = list(examine(service, MIGRATIONS))
    assert {"settings", "database", "migrations", "outbox", "due work", "broker"} <= by_subject(found, "ok").keys()
    assert by_subject(found, "wrong").keys() <= {"LIMITS", "rights", "clock", "database"}, "as tests set them"

    kring.sign_up(kring.publish(), "Anna")
    inbox_of(service).take([b"no event"])
    with service.database.engine.begin() as connection:
        connection.execute(update(flow.outbox).values(published_at=None))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    kring.clock.forward(minutes=6)
    found = list(examine(service, MIGRATIONS))
    assert by_subject(found, "wrong")["migrations"].startswith("at 0001")
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": versions(MIGRATIONS)[-1]})
    worries = by_subject(examine(service, MIGRATIONS), "warning")
    assert worries["inbox"] == "1 events could not be handled"
    assert worries["outbox"].startswith("an event waits since")
    kring.close()


def test_what_is_away_is_found_and_raises_nothing(tmp_path: Path) -> None:
    key = "a-key-of-this-test-that-is-long-enough-42"
    env = {
        "BASE_URL": "https://127.0.0.2:1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'registration.sqlite'}",
        "BROKER_URL": "amqp://nobody:at-all@127.0.0.1:1/kring",
        **dict.fromkeys(("SECRET_KEY", "LINK_KEYS", "ERASURE_KEYS"), key),
    }
    service = build_from_env(env)
    found = by_subject(examine(service, MIGRATIONS), "wrong")
    assert found.keys() >= {"migrations", "broker", "address"}
    assert found["migrations"].startswith("at nothing")
    assert not any("at-all" in words or "nobody" in words for words in found.values()), "it tells no secret"

    service.database.engine.dispose()
    (tmp_path / "registration.sqlite").write_bytes(b"no database at all, and long enough to be looked at" * 100)
    assert "cannot be reached" in by_subject(examine(service, MIGRATIONS), "wrong")["database"]


@pytest.mark.parametrize(
    ("url", "why"),
    [("sqlite:///{}/new.sqlite", "no such table"), ("postgresql://kring:none@127.0.0.1:1/kring", "Connection refused")],
)
def test_whoever_types_a_command_at_a_database_that_is_not_there_is_sent_here_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    monkeypatch.setenv("KRING_DATA", str(tmp_path))
    database = with_defaults({"KRING_DATA": str(tmp_path)}, "registration") | {"DATABASE_URL": url.format(tmp_path)}
    group = command_group("registration", lambda _env: build_from_env(database), MIGRATIONS)
    for words in (["audit", "verify"], ["parked", "list"], ["retention", "run", "--dry-run"]):
        told = CliRunner().invoke(group, words)
        assert (told.exit_code, told.output.count("\n")) == (1, 1), told.output
        assert told.output.startswith("Error: the database cannot do this (")
        assert why in told.output
        assert "`python -m services.registration doctor` tells what is wrong" in told.output


def test_two_clocks_may_differ_by_a_little(capsys: pytest.CaptureFixture[str]) -> None:
    assert [clocks("clock", apart, "another").level for apart in (0.3, -1.9, 2.1, -600)] == [
        "ok",
        "ok",
        "wrong",
        "wrong",
    ]

    assert say([ok("a", "well"), warning("b", "so so", "mend it")]) == 0
    assert say([wrong("c", "broken", "mend it")]) == 1
    assert "→ mend it" in capsys.readouterr().out


def test_one_machine_is_asked_in_one_go_as_an_operator_does(tmp_path: Path) -> None:
    given = {"KRING_DATA": str(tmp_path)}
    found = [finding for finding in examine_machine(given) if finding.level == "wrong"]
    assert [finding.subject for finding in found] == ["migrations"] * 3, "it was never started"
    assert "python -m services.registration migrate" in {finding.remedy for finding in found}

    refused = list(examine_machine({**given, "BASE_URL": "https://kring.example"}))
    assert [(finding.level, finding.words) for finding in refused] == [
        ("wrong", "MAIL_URL is missing, and BASE_URL is public: mail to people would lie in a folder.")
    ]
