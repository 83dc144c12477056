"""The cases that the builders of all SDKs share."""

import json
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from framelane.timeline import InvalidTimeline, Timeline, validate

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
BUILDS = json.loads((VECTORS / "builds.json").read_text("utf-8"))
VIOLATIONS = json.loads((VECTORS / "violations.json").read_text("utf-8"))


def call(timeline: Timeline, step: dict[str, Any]) -> Timeline:
    made: Timeline = getattr(timeline, step["method"])(step["argument"], **step["fields"])
    return made


def build(case: dict[str, Any]) -> dict[str, Any]:
    return reduce(call, case["calls"], Timeline(**case["canvas"])).build()


@pytest.mark.parametrize("case", [case for case in BUILDS if "build" in case], ids=lambda case: str(case["name"]))
def test_the_calls_build_what_they_build_everywhere(case: dict[str, Any]) -> None:
    assert build(case) == case["build"]


@pytest.mark.parametrize("case", [case for case in BUILDS if "build" not in case], ids=lambda case: str(case["name"]))
def test_what_cannot_be_built_raises(case: dict[str, Any]) -> None:
    # An image without a duration is a call without a required parameter.
    with pytest.raises((InvalidTimeline, TypeError)) as raised:
        build(case)
    assert isinstance(raised.value, ValueError) or "duration" in str(raised.value)


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: str(case["name"]))
def test_validation_finds_what_the_platform_finds(case: dict[str, Any]) -> None:
    found = [(violation.code, violation.severity, violation.path) for violation in validate(case["scene"])]
    wanted = [(violation["code"], violation["severity"], violation["path"]) for violation in case["violations"]]
    assert sorted(found) == sorted(wanted)
