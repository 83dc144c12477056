"""The edge of the programs that a transcription runs as bounded children: their outcome as lines of JSON."""

import json
import traceback
from collections.abc import Callable
from typing import Any

from gpu_tasks.errors import JobFailed


def say(entry: dict[str, Any]) -> None:
    """Print one line that the parent understands."""
    print(json.dumps(entry), flush=True)


def run(work: Callable[[], dict[str, Any]]) -> int:
    """Do the work and tell its result or its failure; returns the exit status."""
    try:
        result = work()
    except JobFailed as failure:
        say({"error": {"code": failure.code, "message": failure.message}})
        return 1
    except MemoryError:
        say({"error": {"code": "out_of_memory", "message": "the transcription needs more memory than it may use"}})
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of the process: whoever waits for a line must get one
        traceback.print_exc()
        say({"error": {"code": "internal", "message": f"the transcription broke: {type(error).__name__}"}})
        return 1
    say({"result": result})
    return 0
