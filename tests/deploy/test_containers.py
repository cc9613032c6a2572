"""Containers run what `make stack` runs: one table of processes, the same settings, the same routes."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.assembly import assemble
from deploy.processes import PARTS, PROGRAMS, Program
from deploy.settings import environment, kept_secrets, read_choices

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
ONLY_WEB = {"WEB_WORKERS"}  # the stack says it on the command line
OPTIONAL = {
    *(
        "TRACES_URL",
        "TRACES_SHARE",
        "SITE_NAME",
        "THEME",
        "KRING_MANAGER_KEY",
        "CONTACT_EMAIL",
        "CONTACT_NAME",
        "OPEN_DATA_LICENCE",
    ),
    *("SIGN_IN_BY_MAIL", "OIDC_ISSUER", "OIDC_NAME", "OIDC_CLIENT_ID", "OIDC_KEY_FILE", "OIDC_SCOPE", "OIDC_CLAIM"),
    *("KEEP_ATTENDEES_DAYS", "KEEP_LEFTOVERS_DAYS", "KEEP_MAIL_DAYS", "KEEP_NEEDS_DAYS", "KEEP_RESEARCH_MONTHS"),
    *("OIDC_ROLES", "SECURITY_CONTACT", "AUTHSERV_ID", "REPLY_ADDRESS", "DKIM_KEY_FILE", "DKIM_SELECTOR"),
}


def test_the_table_names_every_part_of_every_service(tmp_path: Path) -> None:
    services = assemble({"KRING_DATA": str(tmp_path)}).services

    assert {service.name: ("web", *(part.name for part in service.worker.parts)) for service in services} == PARTS


def test_every_process_of_the_table_is_a_container_and_no_other() -> None:
    migrations = {f"{service}-migrate" for service in PARTS}
    around = {"postgresql", "rabbitmq", "nginx", "databases", "queues"}

    assert set(CONTAINERS) == {program.name for program in PROGRAMS} | migrations | around


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_container_runs_the_command_of_the_table(program: Program) -> None:
    listening = ["--host", "0.0.0.0", "--port", "8000"] if program.part == "web" else []  # noqa: S104  # in a container

    assert CONTAINERS[program.name]["command"] == [*program.command, *listening]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_container_has_the_settings_that_the_stack_gives(program: Program, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": "", "BROKER_URL": ""}
    given = environment(program.service, read_choices({}), kept_secrets(tmp_path / "secrets.json"), urls)

    assert set(CONTAINERS[program.name]["environment"]) - ONLY_WEB - OPTIONAL == set(given)


@pytest.mark.parametrize("service", PARTS)
def test_a_process_waits_for_its_tables_and_queues(service: str) -> None:
    assert CONTAINERS[f"{service}-migrate"]["command"] == ["python", "-m", f"services.{service}", "migrate"]
    for part in PARTS[service]:
        waits_for = CONTAINERS[f"{service}-{part}"]["depends_on"]
        assert {name for name, how in waits_for.items() if how["condition"] == "service_completed_successfully"} == {
            f"{service}-migrate",
            "queues",
        }


@pytest.mark.parametrize("job", ["databases", "queues"])
def test_a_job_gets_every_setting_that_its_command_reads(job: str) -> None:
    command, settings = CONTAINERS[job]["command"], CONTAINERS[job]["environment"]
    assert "$" in "".join(settings.values()), "their passwords come from outside"
    values = {name: re.sub(r"\$\{\w+:\?\}", "secret", value) for name, value in settings.items()}
    here = {name: re.sub(r"@[a-z]+(:\d+)?", "@127.0.0.1:1", value) for name, value in values.items()}

    done = subprocess.run([sys.executable, *command[1:]], env=here, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert re.search("refused|does not answer", done.stderr), done.stderr  # it came as far as knocking


def test_our_containers_run_as_nobody_on_a_file_system_they_cannot_change() -> None:
    for program in PROGRAMS:
        container = CONTAINERS[program.name]
        assert container["read_only"]
        assert container["cap_drop"] == ["ALL"]
        assert "user" not in container, "the image says who: nobody in particular"


def test_no_secret_has_a_default() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    named = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET_KEY|LINK_KEYS|ERASURE_KEYS)\w*)([^}]*)\}", text)

    assert named
    assert {rest for _, rest in named} == {":?"}


def test_the_proxy_is_told_everything_that_its_template_asks() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "proxy" / "kring.conf.template").read_text()))

    assert asked == set(CONTAINERS["nginx"]["environment"])


def test_the_image_follows_the_rules_for_dockerfiles() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"

    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_installs_by_hash_and_leaves_root() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", "").splitlines()

    assert [line for line in lines if "pip install" in line and "--require-hashes" not in line] == []
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
