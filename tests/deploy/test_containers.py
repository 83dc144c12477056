"""Dockerfiles: what they are made of is there, and nobody is root."""

import re
import subprocess
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts import healthy
from scripts.processes import ROOT, free_port
from tests.deploy.files import DEPLOY, PROCESSES, compose

DOCKERFILES = sorted((DEPLOY / "docker").glob("*.Dockerfile"))


def taken_along() -> set[str]:
    """What .dockerignore lets into a build."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines, "everything else stays outside"
    return {line[1:] for line in lines if line.startswith("!")}


def test_what_goes_into_a_build_exists_and_is_all_that_the_program_is() -> None:
    assert [name for name in taken_along() if not (ROOT / name).exists()] == []
    assert {"Procfile", "manage.py", "apps", "framelane", "gpu_tasks", "requirements", "scripts"} <= taken_along()
    assert {"static", "templates"} <= taken_along()


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_images_run_as_nobody_special(path: Path) -> None:
    text = path.read_text("utf-8")
    last = text.split("\nFROM ")[-1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert re.search(r"^ARG BASE=\S+:[\w.-]*\d[\w.-]*$", text, re.MULTILINE), "a base with a version"
    command = re.search(r'^CMD \["([\w-]+)"\]$', last, re.MULTILINE)
    assert command
    assert command[1] in PROCESSES
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_requirements_that_are_installed_exist(path: Path) -> None:
    named = re.findall(r"requirements/[\w-]+\.txt", path.read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_services_are_built_from_dockerfiles_that_exist() -> None:
    built = {service["build"]["dockerfile"] for service in compose().values() if "build" in service}
    assert built == {str(path.relative_to(ROOT)) for path in DOCKERFILES}


def test_secrets_are_made_once(tmp_path: Path) -> None:
    script = compose()["secrets"]["command"][-1].replace("/run/framelane", str(tmp_path)).replace("$$", "$")
    seen = []
    for _ in range(2):
        subprocess.run(["sh", "-euc", script], check=True)
        seen.append((tmp_path / "secrets.env").read_text("ascii"))
    assert seen[0] == seen[1]
    made = dict(line.split("=", 1) for line in seen[0].splitlines())
    assert made.keys() == {"FRAMELANE_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    assert len(made["FRAMELANE_SECRET_KEY"]) == 64
    assert (tmp_path / "postgres").read_text("ascii") in made["DATABASE_URL"]
    assert (tmp_path / "redis").read_text("ascii") in made["REDIS_URL"]


def test_ports_are_open_to_this_machine_alone() -> None:
    ports = [port for service in compose().values() for port in service.get("ports", ())]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_migrations_come_before_everything() -> None:
    for name in PROCESSES:
        assert compose()[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


class _Web(BaseHTTPRequestHandler):
    status = HTTPStatus.OK
    hosts: list[str | None] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        self.send_response(self.status if self.path == "/healthz" else HTTPStatus.NOT_FOUND)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("status", "expected"), [(HTTPStatus.OK, 0), (HTTPStatus.SERVICE_UNAVAILABLE, 1)])
def test_the_health_check_asks_by_a_name_that_is_answered_to(
    status: HTTPStatus, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Web, "status", status)
    monkeypatch.setattr(_Web, "hosts", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), _Web) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PORT", str(server.server_port))
        monkeypatch.setenv("FRAMELANE_ALLOWED_HOSTS", "films.example.org,localhost")
        assert healthy.main() == expected
        server.shutdown()
    assert _Web.hosts == ["films.example.org"]


def test_nobody_there_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    assert healthy.main() == 1
