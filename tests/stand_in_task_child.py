"""Stands in for `python -m gpu_tasks.task`: same arguments, same protocol, behaviour chosen by the source's content.

The source is a JSON object, or anything else for one that simply succeeds:

seconds   how long the work takes
behaviour one of `stand_in_engine`, or of the functions below
file      what the output is called; its content is the task's description
lasts     how long the output is, in seconds, as is announced before the work
size      its width and height
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from stand_in_engine import crash, exit_silently, fail, fill_memory, hang, report_unknown_code, say

BEHAVIOURS = {
    "crash": crash,
    "exit_silently": exit_silently,
    "fill_memory": fill_memory,
    "hang": hang,
    "report_unknown_code": report_unknown_code,
    "damaged": lambda: fail("decode_failed", f"{os.getcwd()}/source-0000.mp4 is damaged"),
    "no_face": lambda: fail("invalid_source", "the source is an audio"),
    "no_memory": lambda: fail("out_of_memory", "the task needs more memory than this job may use"),
}


def main(description: Path, output: Path) -> None:
    task = json.loads(description.read_text("utf-8"))
    wishes = wishes_of(Path(task["source"]))
    file = wishes.get("file", f"{output.name}.webm")
    (width, height), lasts_s = wishes.get("size", (640, 360)), wishes.get("lasts", 2.5)
    duration_s = None if file.endswith(".png") else lasts_s
    say(plan={"width": width, "height": height, "duration_s": duration_s or 0.0})
    for percent in range(0, 101, 2):
        say(stage="compositing" if percent < 90 else "encoding", percent=percent)
        time.sleep(float(wishes.get("seconds", 0)) / 51)
    BEHAVIOURS[wishes["behaviour"]]() if "behaviour" in wishes else None
    if not wishes.get("forgets"):
        Path(file).write_text(json.dumps(task), "utf-8")
    warnings = ["NO_FACE: no face was found", "something else"]
    say(result={"file": file, "width": width, "height": height, "duration_s": duration_s, "warnings": warnings})


def wishes_of(source: Path) -> dict[str, Any]:
    try:
        wishes = json.loads(source.read_bytes())
    except ValueError:
        return {}
    return wishes if isinstance(wishes, dict) else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
