"""`python -m gpu_tasks.models.transcription.whisper TASK OUTPUT`: faster-whisper as a program of its own.

TASK is JSON: `audio` (a file), `folder` (the model), `device`, `threads` and `options`. Meant to run as a bounded
child. Lines on standard output are `{"stage", "percent"}`, and last `{"result": {}}`, or `{"error": {"code",
"message"}}` with exit status 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

from gpu_tasks.models.transcription.child import run, say
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.whisper_provider import WhisperProvider


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m gpu_tasks.models.transcription.whisper TASK OUTPUT", file=sys.stderr)
        return 2
    task, output = map(Path, arguments)
    return run(lambda: _transcribe(json.loads(task.read_text("utf-8")), output))


def _transcribe(task: dict[str, Any], output: Path) -> dict[str, Any]:
    provider = WhisperProvider(Path(task["folder"]), task["device"], task["threads"])
    transcript = provider.transcribe(
        Path(task["audio"]),
        TranscribeOptions.model_validate(task["options"]),
        progress=lambda share: say({"stage": "compositing", "percent": round(100 * share)}),
        should_stop=lambda: False,
    )
    output.write_text(json.dumps({**transcript.as_json(), "notes": transcript.notes}), "utf-8")
    return {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
