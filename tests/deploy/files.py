"""What the files of a deployment say, read as their own tools read them."""

import configparser
import functools
import re
from pathlib import Path
from typing import Any

import yaml
from honcho.environ import parse_procfile

from scripts.processes import ROOT
from tests.folders import files_below

DEPLOY = ROOT / "deploy"
OPERATIONS = ROOT / "docs" / "operations"
PROCESSES: dict[str, str] = dict(parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes)
OF_THE_OPERATORS_CHOICE = {"worker-gpu", "flower"}
"""Processes that an installation may do without."""


def unit(name: str) -> dict[str, dict[str, str]]:
    """The sections of a systemd unit; of a key that is given twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((DEPLOY / "systemd" / name).read_text("utf-8"))
    return {section: dict(parser[section]) for section in parser.sections()}


@functools.cache
def manifests() -> tuple[dict[str, Any], ...]:
    """Every object below deploy/kubernetes that is meant for a cluster."""
    paths = sorted((DEPLOY / "kubernetes").rglob("*.yaml"))
    written = [path for path in paths if path.name not in ("kustomization.yaml", "adapter-values.yaml")]
    return tuple(found for path in written for found in yaml.safe_load_all(path.read_text("utf-8")))


def pods() -> dict[str, dict[str, Any]]:
    """The pods of Deployments and Jobs, by their name."""
    return {
        found["metadata"]["name"]: found["spec"]["template"]["spec"]
        for found in manifests()
        if found["kind"] in ("Deployment", "Job")
    }


@functools.cache
def compose() -> dict[str, Any]:
    """The services of Docker Compose."""
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text("utf-8"))["services"]
    return services


@functools.cache
def texts() -> dict[Path, str]:
    """Every file of a deployment that is not a program, and the pages about them."""
    # What Python compiles meanwhile, in another process too, comes and goes.
    own = (path for path in files_below(DEPLOY) if "__pycache__" not in path.parts)
    found = [path for path in own if path.suffix not in (".py", ".json")]
    pages = sorted(OPERATIONS.glob("*.md"))
    return {path: path.read_text("utf-8") for path in (*found, *pages, ROOT / ".dockerignore")}


def seconds(text: str) -> int:
    """`75s` of nginx."""
    match = re.fullmatch(r"(\d+)s", text)
    assert match, text
    return int(match[1])
