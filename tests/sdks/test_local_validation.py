"""Both SDKs find in any scene, right or wrong, what the platform finds in it."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from gpu_tasks.timeline.lint import InvalidRequest, lint, parse_render, unknown_fields
from scripts import sdks
from scripts.processes import ROOT
from tests.property.mistakes import all_mistakes, full_requests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
SDK = ROOT / "sdks" / "python"
LOCAL_ONLY = frozenset({"FONT_FALLBACK", "TRANSITION_GAP"})
"""What the platform finds only as it plans and draws a film."""
JUDGE = """
import json, sys
from framelane.timeline import validate
for line in sys.stdin:
    print(json.dumps([[v.code, v.severity, v.path] for v in validate(json.loads(line))]), flush=True)
"""
Verdict = set[tuple[str, str, str]]


class Judge:
    """The SDK in its own environment: scenes in, findings out."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self._child = child

    def __call__(self, scene: Any) -> Verdict:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(scene) + "\n")
        self._child.stdin.flush()
        found = json.loads(self._child.stdout.readline())
        return {(code, severity, path) for code, severity, path in found if code not in LOCAL_ONLY}


COMMANDS = {
    "python": [str(sdks.PYTHON), "-I", "-c", f"import sys; sys.path[:0] = [{str(SDK / 'src')!r}]\n{JUDGE}"],
    "typescript": ["node", str(sdks.TYPESCRIPT_SDK / "scripts" / "judge.mjs")],
}


@pytest.fixture(scope="module", params=COMMANDS)
def sdk(request: pytest.FixtureRequest, prepared_sdks: None) -> Iterator[Judge]:
    command, pipe = COMMANDS[request.param], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=SDK, env=sdks.environment()) as child:
        yield Judge(child)
        child.stdin.close()  # type: ignore[union-attr]


def platform(scene: Any) -> Verdict:
    """What the parser of the API says."""
    ignored = {(v.code, v.severity, v.path) for v in unknown_fields(scene)}
    try:
        request = parse_render(scene)
    except InvalidRequest as refused:
        return ignored | {(problem.code, "error", problem.path) for problem in refused.problems}
    return ignored | {(v.code, v.severity, v.path) for v in lint(request)}


@seed(20261122)
@given(request=full_requests())
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_what_one_accepts_the_other_accepts(sdk: Judge, request: dict[str, Any]) -> None:
    assert sdk(request) == platform(request)
    assert not [finding for finding in platform(request) if finding[1] == "error"]


@seed(20261122)
@given(request=full_requests(), data=st.data())
@settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_any_mistake_is_found_at_the_same_place_with_the_same_code(
    sdk: Judge, request: dict[str, Any], data: st.DataObject
) -> None:
    mistakes = all_mistakes(request)
    for place in data.draw(st.lists(st.integers(0, len(mistakes) - 1), min_size=40, max_size=40, unique=True)):
        wrong = mistakes[place].in_request(request)
        verdict = platform(wrong)
        assert mistakes[place].pointer in {path for _, severity, path in verdict if severity == "error"}
        assert sdk(wrong) == verdict


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    # JavaScript writes larger ones without an exponent, and so as integers.
    | st.floats(min_value=-(2.0**53), max_value=2.0**53)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@seed(20261122)
@given(request=full_requests(), value=json_values, data=st.data())
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_anything_anywhere_is_judged_alike(
    sdk: Judge, request: dict[str, Any], value: Any, data: st.DataObject
) -> None:
    node: Any = request
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], (dict, list)) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = value
    assert sdk(request) == platform(request)
