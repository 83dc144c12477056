"""`python -m gpu_tasks.models.transcription.extract SOURCE OUTPUT`: the sound of a source, ready for recognition.

Meant to run as a bounded child. The last line on standard output is `{"result": {"duration_s"}}` or
`{"error": {"code", "message"}}` with exit status 1.
"""

import sys
from pathlib import Path
from typing import Any

from gpu_tasks.models.transcription.child import run


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m gpu_tasks.models.transcription.extract SOURCE OUTPUT", file=sys.stderr)
        return 2
    source, output = map(Path, arguments)
    return run(lambda: _extract(source, output))


def _extract(source: Path, output: Path) -> dict[str, Any]:
    from gpu_tasks.models.transcription.sound import extract_speech

    return {"duration_s": float(extract_speech(source, output))}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
