"""Make the pictures of the playground's templates: `python -m scripts.template_posters [NAME ...]`.

Each is a frame of the template as the engine renders it, in static/console/templates/.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from apps.console.playground.gallery import POSTER_HEIGHT_PX, TEMPLATES, Template

STATIC: Final = Path(__file__).parent.parent / "static"
UNDER_TRANSPARENT: Final = "#5b6b80"
"""What lies under a template that is meant to lie over footage."""


def main(names: list[str]) -> None:
    """Render the posters of those templates, or of all."""
    for template in TEMPLATES:
        if not names or template.name in names:
            make(template)


def make(template: Template) -> None:
    """Write the poster of a template, twice as large as it is drawn."""
    target = STATIC / template.poster
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        scene, frame = Path(folder, "scene.json"), Path(folder, "frame.png")
        scene.write_text(json.dumps(_still(template)))
        _run(sys.executable, "-m", "gpu_tasks.render", str(scene), str(frame), "--progress", "none")
        scale = f"scale=-2:{2 * POSTER_HEIGHT_PX}:flags=lanczos"
        _run("ffmpeg", "-v", "error", "-y", "-i", str(frame), "-vf", scale, "-q:v", "3", str(target))
    print(f"{target}: {target.stat().st_size} bytes")


def _still(template: Template) -> dict[str, object]:
    """The request of one frame, on a plain ground where the film has none."""
    request = json.loads(template.source)
    ground = UNDER_TRANSPARENT if request.pop("alpha", False) else request["background_color"]
    return {**request, "output_format": "png", "poster_time": template.poster_s, "background_color": ground}


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
