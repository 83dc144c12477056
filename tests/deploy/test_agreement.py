"""systemd, Docker and Kubernetes start what the Procfile says, with settings and files that exist."""

import re
from pathlib import Path

import pytest

from scripts.processes import ROOT
from tests.contract.test_documentation import read_from_the_environment, used_by_the_processes
from tests.deploy.files import DEPLOY, OF_THE_OPERATORS_CHOICE, OPERATIONS, PROCESSES, compose, pods, texts, unit

GUIDE = (OPERATIONS / "one-machine.md").read_text("utf-8")
ELSEWHERE = {
    "deploy/framelane-web",  # as kubectl calls a Deployment
    "deploy/kubernetes/overlays/mine",
    "deploy/kubernetes/overlays/mine/kustomization.yaml",
}
START = "/opt/framelane/.venv/bin/python -m scripts.process "
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("framelane-*.service"))
OF_WORKERS = {name.removeprefix("worker-") for name in PROCESSES if name.startswith("worker-")}


def started_by(name: str) -> set[str]:
    command = unit(name)["Service"]["ExecStart"]
    assert command.startswith(START)
    process = command.removeprefix(START)
    return {f"worker-{kind}" for kind in OF_WORKERS} if process == "worker-%i" else {process}


def test_units_start_every_process_once() -> None:
    started = [process for name in UNITS for process in started_by(name)]
    assert sorted(started) == sorted(PROCESSES)


def test_the_guide_enables_a_unit_for_every_process() -> None:
    enabled = set(re.findall(r"framelane-[a-z@]+\.service", GUIDE))
    wanted = {f"framelane-worker@{kind}.service" for kind in OF_WORKERS} | {name for name in UNITS if "@" not in name}
    assert enabled == wanted


@pytest.mark.parametrize("name", UNITS)
def test_units_end_by_themselves_and_belong_to_the_target(name: str) -> None:
    assert unit(name)["Install"]["WantedBy"] == "framelane.target"
    assert int(unit(name)["Service"]["TimeoutStopSec"]) >= 20
    assert not {"User", "KillMode", "Restart"} & unit(name)["Service"].keys(), "these are shared"


def test_what_units_share_lets_workers_tell_their_children_themselves() -> None:
    shared = unit("framelane-.service.d/50-common.conf")
    assert shared["Service"]["KillMode"] == "mixed"
    assert shared["Service"]["User"] == "framelane"
    assert shared["Service"]["CapabilityBoundingSet"] == ""
    assert shared["Unit"]["PartOf"] == "framelane.target"


def test_compose_has_a_service_for_every_process() -> None:
    started = [service["command"][0] for name, service in compose().items() if name in PROCESSES]
    assert sorted(started) == sorted(PROCESSES)
    optional = {name for name in PROCESSES if compose()[name].get("profiles")}
    assert optional == OF_THE_OPERATORS_CHOICE


def test_pods_start_every_process() -> None:
    started = {container["args"][0] for pod in pods().values() for container in pod["containers"]}
    assert started == {*PROCESSES, "manage.py"}


def test_a_process_has_the_same_image_everywhere() -> None:
    in_compose = {name: compose()[name]["image"].partition(":")[0] for name in PROCESSES}
    in_pods = {
        container["args"][0]: container["image"].removesuffix("-cuda")
        for pod in pods().values()
        for container in pod["containers"]
    }
    assert {name: in_pods[name] for name in PROCESSES} == in_compose


def test_every_setting_that_a_deployment_gives_is_read() -> None:
    known = read_from_the_environment().keys() | used_by_the_processes()
    unknown = {
        (str(path.relative_to(ROOT)), name)
        for path, text in texts().items()
        for name in re.findall(r"\bFRAMELANE_[A-Z_]*[A-Z]\b", text)
        if name not in known
    }
    assert unknown == set()


def test_what_stands_in_for_systemd_is_read_by_the_procfile() -> None:
    given = {name for service in compose().values() for name in service.get("environment", {})}
    of_others = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "ENVIRONMENT_FILE"}
    assert given - of_others <= read_from_the_environment().keys() | used_by_the_processes()


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"(?<![\w/.-])(?:deploy|docs|scripts|tests|examples)/[\w./@-]*\w", texts()[path])
    assert [name for name in named if not list(ROOT.glob(f"{name}*")) and name not in ELSEWHERE] == []


@pytest.mark.parametrize("page", sorted(OPERATIONS.glob("*.md")), ids=lambda page: page.name)
def test_links_to_sections_lead_to_headings(page: Path) -> None:
    lost = []
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            text = ((page.parent / target) if target else page).read_text("utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            known = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
            lost += [f"{target}#{anchor}"] if anchor not in known else []
    assert lost == []


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_secret_and_no_machine_of_ours_is_written_down(path: Path) -> None:
    secrets = r"fl_live_\w{8}|sk_live_\w{8}|BEGIN [A-Z ]*PRIVATE KEY"
    assert re.findall(f"{re.escape(str(ROOT))}|{secrets}", texts()[path]) == []
