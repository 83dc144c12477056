"""Manifests: what every pod has to be, and that they hang together."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.processes import ROOT
from tests.deploy.files import DEPLOY, manifests, pods

FOLDER = DEPLOY / "kubernetes"
LONGEST_STOP_S = 30
METRICS = "\n".join(path.read_text("utf-8") for path in (ROOT / "apps" / "operations" / "metrics").glob("*.py"))


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {found["metadata"]["name"]: found for found in manifests() if found["kind"] == kind}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("kustomization.yaml")), ids=lambda path: path.parent.name)
def test_what_is_put_together_exists(path: Path) -> None:
    found = yaml.safe_load(path.read_text("utf-8"))
    for name in (*found.get("resources", ()), *found.get("components", ())):
        target = path.parent / name
        assert target.is_file() or (target / "kustomization.yaml").is_file(), name


def test_every_manifest_is_put_together() -> None:
    listed = {
        (path.parent / name).resolve()
        for path in FOLDER.rglob("kustomization.yaml")
        for name in yaml.safe_load(path.read_text("utf-8")).get("resources", ())
    }
    alone = {FOLDER / "secret.example.yaml", FOLDER / "components" / "hpa" / "adapter-values.yaml"}
    written = {path for path in FOLDER.rglob("*.yaml") if path.name != "kustomization.yaml"}
    assert written - alone <= listed


@pytest.mark.parametrize("name", pods())
def test_pods_may_do_nothing_that_they_need_not(name: str) -> None:
    pod = pods()[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        written_to = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        assert written_to == {"home": "/var/lib/framelane", "tmp": "/tmp"}
    assert all(volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"])


@pytest.mark.parametrize("name", [name for name in pods() if name != "framelane-migrate"])
def test_pods_wait_for_the_migrations_of_their_version(name: str) -> None:
    assert "migrate --check" in pods()[name]["initContainers"][0]["command"][-1]
    assert pods()[name]["terminationGracePeriodSeconds"] >= LONGEST_STOP_S


def test_there_is_one_clock_even_while_it_is_replaced() -> None:
    spec = named("Deployment")["framelane-beat"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_probes_call_the_web_by_a_name_that_it_answers_to() -> None:
    web = pods()["framelane-web"]["containers"][0]
    hosts = named("ConfigMap")["framelane"]["data"]["FRAMELANE_ALLOWED_HOSTS"].split(",")
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        request = web[probe]["httpGet"]
        assert request["path"] == path
        assert request["httpHeaders"][0]["value"] in hosts


def test_a_worker_is_never_ended_because_the_broker_is_away() -> None:
    workers = {name: pod for name, pod in pods().items() if "-worker-" in name}
    assert len(workers) >= 5
    assert [name for name, pod in workers.items() if "livenessProbe" in pod["containers"][0]] == []


def test_settings_and_secrets_are_apart() -> None:
    settings, secrets = named("ConfigMap")["framelane"]["data"], named("Secret")["framelane"]["stringData"]
    assert not settings.keys() & secrets.keys()
    assert {"FRAMELANE_SECRET_KEY", "DATABASE_URL", "REDIS_URL"} <= secrets.keys()


def test_scaling_asks_for_metrics_that_exist() -> None:
    triggers = named("ScaledObject")["framelane-worker-cpu"]["spec"]["triggers"]
    queries = [trigger["metadata"]["query"] for trigger in triggers]
    metric = named("HorizontalPodAutoscaler")["framelane-worker-cpu"]["spec"]["metrics"][0]["external"]["metric"]
    asked = {"framelane_queue_jobs", "framelane_jobs", "framelane_queue_oldest_seconds"}
    assert {name for name in asked if any(f"{name}{{" in query for query in queries)} == asked
    assert metric["name"] in asked
    assert [name for name in asked if f'"{name}"' not in METRICS] == []


def test_scaled_deployments_exist() -> None:
    targets = [
        found["spec"]["scaleTargetRef"]["name"]
        for kind in ("ScaledObject", "HorizontalPodAutoscaler")
        for found in named(kind).values()
    ]
    assert set(targets) <= named("Deployment").keys()
    assert len(targets) == 2


def test_disruption_budgets_are_for_deployments_that_exist() -> None:
    for name, budget in named("PodDisruptionBudget").items():
        assert budget["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": name}
        assert name in named("Deployment")
