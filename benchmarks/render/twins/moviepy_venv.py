"""moviepy 2 in an environment of its own, so that its pins never meet ours."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.render.paths import CACHE
from benchmarks.render.pieces import Piece, caption_states, rounded_mask, text_piece
from benchmarks.render.scene import Scene

REQUIREMENTS = (
    "moviepy==2.2.1",
    "numpy==2.2.6",
    "pillow==11.3.0",
    "imageio==2.37.0",
    "imageio-ffmpeg==0.6.0",
    "opencv-python-headless==4.11.0.86",
)
VENV = CACHE / "moviepy-venv"
PYTHON = VENV / "bin" / "python"


def install() -> None:
    """Make the environment unless it is there with these very versions. Raises CalledProcessError."""
    stamp = VENV / "installed.json"
    if stamp.exists() and json.loads(stamp.read_text()) == list(REQUIREMENTS):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *REQUIREMENTS], check=True)
    stamp.write_text(json.dumps(REQUIREMENTS))


def _pieces(scene: Scene) -> dict[str, Piece]:
    if scene.name == "S3":
        return {f"caption-{index:02d}": piece for index, piece in enumerate(caption_states(scene))}
    names = {"S1": "title", "S5": "caption{}"}
    if scene.name not in names:
        return {}
    texts = scene.of_type("text")
    return {
        name: text_piece(scene, [text], name)
        for name, text in ((names[scene.name].format(index), text) for index, text in enumerate(texts))
    }


def command(scene: Scene, output: Path) -> list[str]:
    """The command that renders `scene` to `output`; draws the pieces first."""
    pieces = {name: {"path": str(p.path), "x": p.x, "y": p.y} for name, p in _pieces(scene).items()}
    if scene.name == "S2":
        size = round(scene.width * 0.3), round(scene.height * 0.3)
        pieces["rounded"] = {"path": str(rounded_mask(scene, *size, scene.element("inset")["border_radius"]))}
    (scene.folder / "pieces.json").write_text(json.dumps(pieces))
    return [str(PYTHON), "-m", "benchmarks.render.twins.moviepy_film", scene.name, str(scene.folder), str(output)]
