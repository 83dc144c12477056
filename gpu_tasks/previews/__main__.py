"""Make the preview of one file: `python -m gpu_tasks.previews FILE` writes it into the working folder.

Of a film a poster and a strip, of a picture or a font a poster, of whatever has sound a waveform. Prints one line of
JSON: `{"result": {"poster", "width", "height", "strip", "strip_frames", "waveform"}}`, names of files ("" for none) and
the poster's size in pixels, or `{"error": {"code", "message"}}` with exit status 1. Meant to run as a bounded child
process at low priority: it decodes files that nobody has to trust.
"""

import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gpu_tasks.errors import JobFailed
from gpu_tasks.loading import loading
from gpu_tasks.reporting import unexpected

NICENESS = 10


def main(argv: Sequence[str]) -> int:
    """Make one preview and report; returns the exit status."""
    if len(argv) != 1:
        print("usage: python -m gpu_tasks.previews FILE", file=sys.stderr)
        return 2
    os.nice(NICENESS)
    try:
        with loading():
            from gpu_tasks.previews.make import make
        result = make(Path(argv[0]), Path.cwd())
    except JobFailed as failure:
        return _tell_error(failure.code, failure.message)
    except Exception as error:  # noqa: BLE001 - the edge of the process: whoever waits for a line must get one
        traceback.print_exc()
        return _tell_error(*unexpected(error, "preview", "preview"))
    _tell({"result": result})
    return 0


def _tell_error(code: str, message: str) -> int:
    _tell({"error": {"code": code, "message": message}})
    return 1


def _tell(entry: dict[str, Any]) -> None:
    print(json.dumps(entry), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
