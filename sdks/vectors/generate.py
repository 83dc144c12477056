"""Writes `violations.json`: what the platform's own validators find in each scene of `scenes.json`.

Run from the repository: `.venv/bin/python sdks/vectors/generate.py`; `--check` changes nothing, and ends with status 1
where the file is out of date. What only planning or drawing a film would find (`also` of a scene) is written by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from gpu_tasks.timeline.lint import InvalidRequest, lint, parse_render, unknown_fields  # noqa: E402

SCENES, VIOLATIONS = HERE / "scenes.json", HERE / "violations.json"


def findings(scene: Any) -> list[dict[str, str]]:
    """Everything that the server finds in a scene without looking at its sources."""
    return [*_findings(scene), *(_found(v.code, v.severity, v.path) for v in unknown_fields(scene))]


def _findings(scene: Any) -> list[dict[str, str]]:
    try:
        request = parse_render(scene)
    except InvalidRequest as refused:
        return [_found(problem.code, "error", problem.path) for problem in refused.problems]
    return [_found(v.code, v.severity, v.path) for v in lint(request)]


def _found(code: str, severity: str, path: str) -> dict[str, str]:
    return {"code": code, "severity": severity, "path": path}


def wanted() -> str:
    """The text of `violations.json`."""
    cases = [
        {"name": case["name"], "scene": case["scene"], "violations": findings(case["scene"]) + case.get("also", [])}
        for case in json.loads(SCENES.read_text("utf-8"))
    ]
    return json.dumps(cases, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write, or compare."""
    text = wanted()
    if "--check" in sys.argv:
        return 0 if VIOLATIONS.exists() and VIOLATIONS.read_text("utf-8") == text else 1
    VIOLATIONS.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
