"""How the command lines of this package tell progress and outcome."""

import json
import sys
from pathlib import Path
from typing import Any

BAR_WIDTH = 32


class Reporter:
    """Tells progress and outcome, for people (`bar`), for programs (`json`), or not at all (`none`).

    As JSON every line on standard output is an object: `{"plan": {"width", "height", "duration_s"}}` once that is
    known, `{"stage", "percent"}`, and last `{"result": {...}}` or `{"error": {"code", "message"}}`.
    """

    def __init__(self, style: str) -> None:
        self._style = style
        self._last: tuple[str, int] | None = None

    def progress(self, stage: str, percent: int) -> None:
        if (stage, percent) == self._last:
            return
        self._last = (stage, percent)
        if self._style == "json":
            self._line({"stage": stage, "percent": percent})
        elif self._style == "bar":
            done = "█" * (BAR_WIDTH * percent // 100)
            print(f"\r{done:░<{BAR_WIDTH}} {percent:3d} % {stage}", end="", file=sys.stderr, flush=True)

    def plan(self, *, width: int, height: int, duration_s: float | None) -> None:
        """What is going to be made, for whoever may want to stop it; `duration_s` is None for a still."""
        if self._style == "json":
            self._line({"plan": {"width": width, "height": height, "duration_s": duration_s or 0.0}})

    def result(self, result: dict[str, Any], output: Path) -> None:
        """`result` holds at least width, height, duration_s (None for a still) and warnings."""
        if self._style == "json":
            self._line({"result": result})
        elif self._style == "bar":
            length = "" if result["duration_s"] is None else f", {result['duration_s']:.3f} s"
            print(f"\n{output}: {result['width']}×{result['height']}{length}", file=sys.stderr)
            for warning in result["warnings"]:
                print(f"warning: {warning}", file=sys.stderr)

    def error(self, code: str, message: str) -> None:
        if self._style == "json":
            self._line({"error": {"code": code, "message": message}})
        else:
            print(f"\n{code}: {message}", file=sys.stderr)

    def _line(self, entry: dict[str, Any]) -> None:
        print(json.dumps(entry), flush=True)


def unexpected(error: Exception, what: str, whom: str) -> tuple[str, str]:
    """Code and message for an error that no code foresaw: `what` was being made, by `whom`."""
    # OpenCV reports a failed allocation as an error of its own class.
    if isinstance(error, MemoryError) or "Insufficient memory" in str(error):
        return "out_of_memory", f"the {what} needs more memory than this job may use"
    return "internal", f"the {whom} broke: {type(error).__name__}"
