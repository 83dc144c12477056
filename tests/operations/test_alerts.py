"""Rules and dashboard ask for what /metrics tells, and every alert says what to do."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.operations.heartbeat import Identity, tell
from apps.operations.metrics.view import exposition
from apps.tallies.services import Count, count, observed
from framelane.lib import clock
from gpu_tasks.cards import CardMemory
from scripts.processes import ROOT
from tests.operations.conftest import SCENE
from tests.operations.expressions import labels_of, named_after, selectors
from tests.people import Person

RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "framelane.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = [(rule["alert"], rule["expr"]) for rule in RULES] + TARGETS
RUNBOOKS = ROOT / "docs" / "operations" / "runbooks.md"
# What Prometheus itself adds to every series, and the buckets of a histogram.
OF_PROMETHEUS = {"job", "instance", "le"}
GRID_WIDTH = 24


def kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


@pytest.fixture
def told(alice: Person) -> dict[str, set[str]]:
    """The names of all samples with their labels, once everything has happened that is counted."""
    create_render(workspace=alice.workspace, payload=SCENE)
    assert alice.get("/v1/renders").status_code == 200
    tell(Identity(name="gpu0@host", queues=("render",), concurrency=1), busy=0, cards=(CardMemory(0, "L4", 1, 2),))
    count(*observed("job_wait", ("render",), 1, (1,)), *observed("job_processing", ("render",), 1, (1,)))
    count(*observed("job_speed", ("render",), 1, (1,)), Count("output_ms", ("render",)), Count("job_attempts", ("x",)))
    Job.objects.update(status="processing", lease_until=clock.now() + timedelta(minutes=1), progress_stage="encoding")
    found: dict[str, set[str]] = {"up": set()}
    for family in text_string_to_metric_families(exposition().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_expressions_are_promql_and_ask_for_what_is_told(told: dict[str, set[str]]) -> None:
    assert len(EXPRESSIONS) > 40
    wrong = {}
    for title, expression in EXPRESSIONS:
        asked = selectors(expression)
        assert asked, title
        known = {label for selector in asked for label in told.get(selector.name, set())} | OF_PROMETHEUS
        missing = {selector.name for selector in asked if selector.name not in told}
        unknown = named_after(expression) - known
        unknown |= {label for one in asked for label in labels_of(one) - told.get(one.name, set()) - OF_PROMETHEUS}
        if missing or unknown:
            wrong[title] = missing | unknown
    assert wrong == {}


@pytest.mark.parametrize("broken", ["sum(", "rate(framelane_jobs)", "max by (x framelane_jobs"])
def test_what_is_no_promql_is_found(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        selectors(broken)


@pytest.mark.django_db
def test_every_metric_is_shown_or_watched() -> None:
    """Nothing is collected that nobody looks at."""
    used = {selector.name for _, expression in EXPRESSIONS for selector in selectors(expression)}
    families = {family.name for family in text_string_to_metric_families(exposition().decode())}
    unused = {name for name in families if not any(one == name or one.startswith(f"{name}_") for one in used)}
    assert {name for name in unused if name.startswith("framelane_")} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook_url"] == f"docs/operations/runbooks.md#{kebab(rule['alert'])}"
    assert re.fullmatch(r"\d+m", rule.get("for", "0m"))


def test_every_alert_has_its_runbook() -> None:
    headings = re.findall(r"^#+ (.+)$", RUNBOOKS.read_text("utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
    assert sorted(kebab(rule["alert"]) for rule in RULES if kebab(rule["alert"]) not in anchors) == []


def test_alerts_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names))


# --- The dashboard --------------------------------------------------------------------------------------------------


def places() -> Iterator[tuple[int, int]]:
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= GRID_WIDTH
        yield from ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"]))


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    taken = list(places())
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_is_whole(panel: dict[str, Any]) -> None:
    assert panel["type"] in ("timeseries", "stat")
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    values = [step["value"] for step in steps]
    assert values[0] is None
    assert values[1:] == sorted(values[1:])
    references = [target["refId"] for target in panel["targets"]]
    assert len(references) == len(set(references))
    chosen = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
    assert all(source == {"type": "prometheus", "uid": "${datasource}"} for source in chosen)


def test_the_data_source_can_be_chosen() -> None:
    (variable,) = DASHBOARD["templating"]["list"]
    assert (variable["name"], variable["type"], variable["query"]) == ("datasource", "datasource", "prometheus")
    # Grafana gives it a number when it is imported; the oldest that is supported is 10.
    assert DASHBOARD["id"] is None
    assert 36 <= DASHBOARD["schemaVersion"] <= 39
