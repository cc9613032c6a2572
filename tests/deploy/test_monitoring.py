"""What comes along for watching: Prometheus can read it, its figures are there, and each alert has a page."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from shared.watching.workers import Shift
from tests.grounds import Servers
from tests.journeys.kring import found_kring

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
RULES = [rule for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
OF_PROMETHEUS = {"up", "ALERTS"}


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in PANELS for target in panel["targets"])
    yield from (annotation["expr"] for annotation in DASHBOARD["annotations"]["list"])


def read(asked: list[str]) -> list[dict[str, Any]]:
    command = ["node", str(ROOT / "tests" / "deploy" / "promql.mjs")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True, cwd=ROOT)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_the_reader_of_expressions_sees_what_is_wrong() -> None:
    wrong, right = read(["sum by (service (kring_up)", "sum(rate(kring_requests_total[5m]))"])

    assert wrong["faults"] > 0
    assert right == {"faults": 0, "names": ["kring_requests_total"]}


def test_prometheus_can_read_every_expression_and_each_asks_for_a_figure_that_there_is(
    servers: Servers, tmp_path: Path
) -> None:
    asked = list(expressions())
    answers = read(asked)
    assert [text for text, answer in zip(asked, answers, strict=True) if answer["faults"]] == []

    kring = found_kring(servers, tmp_path)  # only a broker of its own has figures
    kring.sign_up(kring.publish(), "Anna")
    kring.settle()
    kring.clock.forward(days=2)  # the work of the night is late
    pages = [kring.ask("GET", f"{service.prefix}/metrics", headers={}).text for service in kring.assembly.services] + [
        generate_latest(Shift(service, service.worker.parts, 60).registry).decode()
        for service in kring.assembly.services
    ]
    kring.close()
    known = {
        sample.name for page in pages for family in text_string_to_metric_families(page) for sample in family.samples
    }

    named = {name for answer in answers for name in answer["names"]}
    assert named - OF_PROMETHEUS - known == set()
    told = {name.rsplit("_bucket")[0] for name in named}
    ours = {
        name
        for name in known
        if name.startswith("kring_") and not name.endswith(("_created", "_bucket", "_sum", "_count"))
    }
    assert ours - told == set(), "each figure of ours is on the dashboard or in an alert"


def test_each_alert_says_how_bad_it_is_and_where_to_read_what_to_do() -> None:
    names = [rule["alert"] for rule in RULES]
    parts = re.findall(r"^## (\w+)$", (ROOT / "docs" / "incidents.md").read_text(), re.MULTILINE)

    assert names == sorted(set(names), key=names.index)
    assert sorted(parts) == sorted(names)
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook_url"] == f"docs/incidents.md#{rule['alert'].lower()}"
        assert re.fullmatch(r"\d+[mh]", rule["for"]), "nobody is woken by a moment"


def test_the_dashboard_fits_together() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, f"{panel['title']} lies over another"
        assert place["x"] + place["w"] <= 24
        taken |= cells
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${source}"
        assert [target["refId"] for target in panel["targets"]] == ["A", "B", "C"][: len(panel["targets"])]
    assert DASHBOARD["templating"]["list"][0]["name"] == "source"


@pytest.mark.parametrize("path", ["/metrics", "/registration/metrics", "/notifications/metrics"])
def test_prometheus_is_told_to_ask_each_service(path: str) -> None:
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    (job,) = config["scrape_configs"]

    assert job["job_name"] == "kring"
    assert path in {target["labels"]["__metrics_path__"] for target in job["static_configs"]}
    assert config["rule_files"] == ["alerts.yml"]
