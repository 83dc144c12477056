"""A progress bar for a job: one line that moves on a terminal, one line per change elsewhere."""

import sys
from typing import IO, Any, Self

WIDTH = 36


class ProgressBar:
    """Shows stage and percent of a job's answers."""

    def __init__(self, output: IO[str] = sys.stdout) -> None:
        self._output = output
        self._moves = output.isatty()
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moves and self._last:
            print(file=self._output, flush=True)

    def show(self, job: dict[str, Any]) -> None:
        """Draw the bar anew when the answer differs from the last one."""
        line = bar_line(job["status"], job.get("progress_stage"), job["progress_percent"])
        if line != self._last:
            self._last = line
            print(
                f"\r{line:<70}" if self._moves else line, end="" if self._moves else "\n", file=self._output, flush=True
            )


def bar_line(status: str, stage: str | None, percent: int) -> str:
    """The bar as text."""
    done = WIDTH * percent // 100
    label = stage if status == "processing" and stage else status
    return f"  {'█' * done}{'░' * (WIDTH - done)} {percent:3d} %  {label}"
