"""Stands in for `python -m gpu_tasks.render`: same arguments, same protocol, behaviour chosen by the scene's metadata.

seconds   how long the work takes
lasts     how long the film is, in seconds, as is announced before the work
secretive nothing is announced
behaviour one of the functions below; without it the work succeeds
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

DURATION_S = 2.0


def say(**entry: Any) -> None:
    print(json.dumps(entry), flush=True)


def fail(code: str, message: str) -> None:
    say(error={"code": code, "message": message})
    raise SystemExit(1)


def report_error() -> None:
    fail("decode_failed", f"{os.getcwd()}/source-0000.mp4 is damaged")


def report_unknown_code() -> None:
    fail("validation_error", "/elements/0: no")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def exit_silently() -> None:
    raise SystemExit(3)


def end_without_result() -> None:
    raise SystemExit(0)


def fill_memory() -> None:
    kept = []
    while True:
        kept.append(bytes(b"x" * (16 * 1024**2)))


def fill_disk() -> None:
    with Path("big").open("wb") as file:
        while True:
            file.write(bytes(1024**2))
            file.flush()


def hang() -> None:
    time.sleep(600)


def babble() -> None:
    print("not JSON")
    print("[1, 2]")


def main(scene: Path, output: Path, sources: Path) -> None:
    payload = json.loads(scene.read_text("utf-8"))
    files = json.loads(sources.read_text("utf-8"))
    wishes = payload.get("metadata", {})
    seconds, lasts_s = float(wishes.get("seconds", 0)), float(wishes.get("lasts", DURATION_S))
    if "secretive" not in wishes:
        say(plan={"width": 320, "height": 180, "duration_s": lasts_s})
    for percent in range(0, 101, 2):
        say(stage="compositing" if percent < 90 else "encoding", percent=percent)
        time.sleep(seconds / 51)
    globals()[wishes["behaviour"]]() if "behaviour" in wishes else None
    output.write_bytes(b"".join(Path(name).read_bytes() for name in files.values()) or b"film")
    say(result={"width": 320, "height": 180, "duration_s": lasts_s, "frame_count": 60, "warnings": warnings()})


def warnings() -> list[str]:
    return ["FONT_FALLBACK: no font 'Nope'", "something else"]


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(Path(arguments[0]), Path(arguments[1]), Path(arguments[arguments.index("--sources") + 1]))
