"""What a film costs before its first frame: one of a single frame, a title on a photograph."""

import json
from statistics import median

from benchmarks.render.meter import measure
from benchmarks.render.paths import CACHE
from benchmarks.render.scene import Scene
from benchmarks.render.tools import TOOLS


def startup_s(runs: int) -> float | None:
    """CPU seconds of the whole process, the median of `runs`; None when our engine fails."""
    folder = CACHE / "work" / "startup"
    folder.mkdir(parents=True, exist_ok=True)
    photograph = str(CACHE / "sources" / "photo1.jpg")
    elements = [
        {"type": "image", "id": "ground", "source_url": photograph, "duration": 1},
        {"type": "text", "text": "One frame", "duration": 1, "font_size": 72},
    ]
    request = {"width": 1280, "height": 720, "duration": 1 / 30, "frame_rate": 30, "elements": elements}
    scene = Scene("startup", request, folder)
    scene.request_path.write_text(json.dumps(request))
    ours = next(tool for tool in TOOLS if tool.name == "ours")
    usages = [measure(ours.command(scene, folder / "film.mp4"), folder=folder, env=ours.env) for _ in range(runs)]
    return None if any(usage.status for usage in usages) else median(usage.cpu_s for usage in usages)
