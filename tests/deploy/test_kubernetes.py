"""Kubernetes runs what `make stack` runs: the same processes, settings and routes, under the cluster's own schemas."""

import re
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.processes import PARTS, PROGRAMS, Program
from deploy.settings import environment, kept_secrets, read_choices
from tests.deploy.test_containers import CONTAINERS, ONLY_WEB, OPTIONAL

Document = dict[str, Any]

DEPLOY = Path(__file__).parents[2] / "deploy"
OLDEST, NEWEST = "1.30", "1.37"
"""Versions of Kubernetes: the oldest that we support, and the newest that we have schemas of."""

PART = "app.kubernetes.io/component"
FIRST = f"{PART}=first"


@pytest.fixture(scope="module")
def manifests() -> list[Document]:
    """What `kubectl apply -k` sends to a cluster: kustomize itself has followed every reference between the files."""
    made = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes" / "example"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return list(yaml.safe_load_all(made.stdout))


def of_kind(manifests: list[Document], *kinds: str) -> dict[str, Document]:
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] in kinds}


def pods(manifests: list[Document]) -> dict[str, Document]:
    """The template of every pod, by the name of what makes it."""
    makers = of_kind(manifests, "Deployment", "Job").items()
    return {name: maker["spec"]["template"] for name, maker in makers}


def container(pod: Document) -> Document:
    (only,) = pod["spec"]["containers"]
    found: Document = only
    return found


def labels(pod: Document) -> dict[str, str]:
    found: dict[str, str] = pod["metadata"]["labels"]
    return found


def selects(selector: Document, pod: Document) -> bool:
    theirs = labels(pod)
    has_all = all(theirs.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return has_all and all(
        (theirs.get(each["key"]) in each["values"]) == (each["operator"] == "In")
        for each in selector.get("matchExpressions", [])
    )


def test_a_cluster_takes_every_manifest(manifests: list[Document]) -> None:
    for manifest in manifests:
        kubernetes_validate.validate(manifest, OLDEST, strict=True)
    for manifest in {each["kind"]: each for each in manifests}.values():
        kubernetes_validate.validate(manifest, NEWEST, strict=True)


def test_what_no_cluster_knows_is_not_taken(manifests: list[Document]) -> None:
    misspelt = deepcopy(of_kind(manifests, "Deployment")["catalog-relay"])
    misspelt["spec"]["replica"] = 2

    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(misspelt, OLDEST, strict=True)


def test_every_process_of_the_table_is_there_and_no_other(manifests: list[Document]) -> None:
    assert of_kind(manifests, "Deployment").keys() == {program.name for program in PROGRAMS} | {"nginx"}
    assert of_kind(manifests, "Job").keys() == {f"{service}-migrate" for service in PARTS} | {"queues"}


@pytest.mark.parametrize("name", [*(program.name for program in PROGRAMS), *(f"{s}-migrate" for s in PARTS), "queues"])
def test_it_runs_what_its_container_runs(manifests: list[Document], name: str) -> None:
    assert container(pods(manifests)[name])["command"] == CONTAINERS[name]["command"]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_it_has_the_settings_that_the_stack_gives(manifests: list[Document], program: Program, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": "", "BROKER_URL": ""}
    given = environment(program.service, read_choices({}), kept_secrets(tmp_path / "secrets.json"), urls)

    assert settings(manifests, program.name) - ONLY_WEB - OPTIONAL == set(given)


def test_the_queues_are_made_with_what_the_command_reads(manifests: list[Document]) -> None:
    shared = set(of_kind(manifests, "ConfigMap")[configuration(manifests, "kring")]["data"])

    assert settings(manifests, "queues") - shared == set(CONTAINERS["queues"]["environment"])


def settings(manifests: list[Document], name: str) -> set[str]:
    """The names of all variables that a pod gets."""
    whole = container(pods(manifests)[name])
    maps = of_kind(manifests, "ConfigMap")
    from_maps = {key for each in whole["envFrom"] for key in maps[each["configMapRef"]["name"]]["data"]}
    return from_maps | {each["name"] for each in whole["env"]}


def configuration(manifests: list[Document], name: str) -> str:
    """The name that kustomize made of it: another one whenever its contents change, so that pods start anew."""
    (made,) = (each for each in of_kind(manifests, "ConfigMap") if re.fullmatch(rf"{name}-[a-z0-9]{{10}}", each))
    return made


def test_secrets_come_by_reference_from_outside(manifests: list[Document]) -> None:
    assert not of_kind(manifests, "Secret")
    for name, pod in pods(manifests).items():
        for variable in container(pod).get("env", []):
            if re.search("PASSWORD|KEY|URL", variable["name"]):
                assert "secretKeyRef" in variable["valueFrom"], (name, variable)
    for each in of_kind(manifests, "ConfigMap").values():
        assert not {key for key in each["data"] if re.search("PASSWORD|SECRET|KEYS|_URL", key)} - {"BASE_URL"}


def test_a_pod_is_nobody_writes_nothing_and_stays_within_its_bounds(manifests: list[Document]) -> None:
    for name, pod in pods(manifests).items():
        spec, only = pod["spec"], container(pod)
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["runAsUser"], name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert only["resources"]["requests"].keys() == {"cpu", "memory"}, name
        assert only["resources"]["limits"]["memory"], name


@pytest.mark.parametrize("service", PARTS)
def test_web_is_probed_where_it_says_how_it_is(manifests: list[Document], service: str) -> None:
    whole = container(pods(manifests)[f"{service}-web"])
    prefix = "" if service == "catalog" else f"/{service}"

    paths = {kind: whole[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}

    live, ready = f"{prefix}/health/live", f"{prefix}/health/ready"
    assert paths == {"startup": live, "liveness": live, "readiness": ready}, "a database that is away restarts nobody"
    assert ready in " ".join(CONTAINERS[f"{service}-web"]["healthcheck"]["test"])


def test_whoever_is_meant_is_there(manifests: list[Document]) -> None:
    """Selectors and names are mere words to a schema."""
    everyone = list(pods(manifests).values())
    for service in of_kind(manifests, "Service").values():
        (pod,) = (each for each in everyone if selects({"matchLabels": service["spec"]["selector"]}, each))
        (port,) = service["spec"]["ports"]
        if "targetPort" in port:
            assert port["targetPort"] in {each["name"] for each in container(pod)["ports"]}
    for name, deployment in of_kind(manifests, "Deployment").items():
        chosen = [each for each in everyone if selects(deployment["spec"]["selector"], each)]
        assert chosen == [deployment["spec"]["template"]], name
    for scaler in of_kind(manifests, "HorizontalPodAutoscaler").values():
        assert scaler["spec"]["scaleTargetRef"]["name"] in of_kind(manifests, "Deployment")
    for selector in _selectors(manifests):
        assert any(selects(selector, each) for each in everyone), selector


def _selectors(manifests: list[Document]) -> Iterator[Document]:
    """Of budgets, and of both sides of network policies."""
    for budget in of_kind(manifests, "PodDisruptionBudget").values():
        yield budget["spec"]["selector"]
    for policy in of_kind(manifests, "NetworkPolicy").values():
        yield policy["spec"]["podSelector"]
        for rule in [*policy["spec"].get("ingress", []), *policy["spec"].get("egress", [])]:
            yield from (
                peer["podSelector"] for peer in [*rule.get("from", []), *rule.get("to", [])] if "podSelector" in peer
            )


def test_what_runs_twice_is_never_taken_away_at_once(manifests: list[Document]) -> None:
    budgets = [each["spec"]["selector"] for each in of_kind(manifests, "PodDisruptionBudget").values()]
    for name, deployment in of_kind(manifests, "Deployment").items():
        kept = [budget for budget in budgets if selects(budget, deployment["spec"]["template"])]
        assert len(kept) == (1 if deployment["spec"]["replicas"] > 1 else 0), name


def test_nobody_speaks_with_anybody_unless_a_policy_says_so(manifests: list[Document]) -> None:
    nobody = of_kind(manifests, "NetworkPolicy")["nobody"]["spec"]

    assert all(selects(nobody["podSelector"], pod) for pod in pods(manifests).values())
    assert nobody["policyTypes"] == ["Ingress", "Egress"]
    assert not nobody.keys() & {"ingress", "egress"}


def test_the_proxy_is_told_what_it_is_told_elsewhere(manifests: list[Document]) -> None:
    pod = pods(manifests)["nginx"]

    told = {each["name"]: each["value"] for each in container(pod)["env"]}
    routes = of_kind(manifests, "ConfigMap")[configuration(manifests, "nginx-routes")]["data"]
    pages = of_kind(manifests, "ConfigMap")[configuration(manifests, "nginx-pages")]["data"]

    assert told == CONTAINERS["nginx"]["environment"]
    assert {told[f"{service.upper()}_WEB"].partition(":")[0] for service in PARTS} <= of_kind(
        manifests, "Service"
    ).keys()
    assert routes == {"default.conf.template": (DEPLOY / "proxy" / "kring.conf.template").read_text()}
    assert pages == {page.name: page.read_text() for page in (DEPLOY / "proxy" / "pages").iterdir()}
    mounted = {each["name"] for each in container(pod)["volumeMounts"]}
    assert mounted == {each["name"] for each in pod["spec"]["volumes"]}


def test_what_comes_first_can_come_alone(manifests: list[Document]) -> None:
    """An upgrade applies these, waits until the jobs are done, and applies everything."""
    first = {each["metadata"]["name"] for each in manifests if each["metadata"].get("labels", {}).get(PART) == "first"}

    assert of_kind(manifests, "Job").keys() <= first
    for name in of_kind(manifests, "Job"):
        for source in container(pods(manifests)[name])["envFrom"]:
            assert source["configMapRef"]["name"] in first
    assert FIRST in (DEPLOY.parent / "docs" / "scale.md").read_text()
