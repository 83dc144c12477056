"""The tools under comparison: what each runs, on which scenes, and whether it is on this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.render.paths import ROOT
from benchmarks.render.scene import NAMES, Scene
from benchmarks.render.twins import ffmpeg, mlt, moviepy_venv

DEBIAN_PACKAGES = ("ffmpeg", "melt")
INSTALL_LINE = f"apt-get install --no-install-recommends {' '.join(DEBIAN_PACKAGES)}"
UNSUPPORTED_SCENE = 2
"""Exit status of our engine for a scene that asks for what it does not render."""


@dataclass(frozen=True, slots=True)
class Tool:
    """`command(scene, output)` builds the run; `prepare(scene)` does what is not to be counted."""

    name: str
    title: str
    command: Callable[[Scene, Path], list[str]]
    scenes: tuple[str, ...] = NAMES
    env: Mapping[str, str] = field(default_factory=dict)
    program: str | None = None
    prepare: Callable[[Scene], None] | None = None
    clean: Callable[[Scene], None] | None = None

    def absence(self) -> str | None:
        """Why the tool cannot run here, None when it can."""
        if self.program and shutil.which(self.program) is None:
            return f"not installed; run: {INSTALL_LINE}"
        return None


def _ours(scene: Scene, output: Path) -> list[str]:
    return [sys.executable, "-m", "gpu_tasks.render", str(scene.request_path), str(output), "--progress", "none"]


def _frames(scene: Scene) -> Path:
    return scene.folder / "frames"


def _write_frames(scene: Scene) -> None:
    if not _frames(scene).with_suffix(".yuv").exists():
        subprocess.run(ffmpeg.frames_command(scene, _frames(scene)), check=True)


def _remove_frames(scene: Scene) -> None:
    for suffix in (".yuv", ".wav"):
        _frames(scene).with_suffix(suffix).unlink(missing_ok=True)


def _encode_only(scene: Scene, output: Path) -> list[str]:
    return ffmpeg.encode_command(scene, _frames(scene), output)


TOOLS = (
    Tool("ours", "this engine", _ours, env={"PYTHONPATH": str(ROOT)}),
    Tool("ffmpeg", "ffmpeg, hand-written graph", ffmpeg.command, program="ffmpeg"),
    Tool("ffmpeg-plain", "ffmpeg, usual graph", ffmpeg.plain_command, scenes=("S5",), program="ffmpeg"),
    Tool(
        "mlt",
        "MLT (melt, real_time=-1)",
        mlt.command,
        program="melt",
        # The Qt module looks for the name of a display and then draws off screen.
        env={"QT_QPA_PLATFORM": "offscreen", "DISPLAY": os.environ.get("DISPLAY", ":99")},
    ),
    Tool("moviepy", "moviepy 2", moviepy_venv.command, env={"PYTHONPATH": str(ROOT)}),
    Tool(
        "encode",
        "limit: encode these frames",
        _encode_only,
        program="ffmpeg",
        prepare=_write_frames,
        clean=_remove_frames,
    ),
    Tool(
        "transcode",
        "limit: decode, scale, encode the main clip",
        ffmpeg.transcode_command,
        scenes=("S1", "S4"),
        program="ffmpeg",
    ),
)
TOOL_NAMES = tuple(tool.name for tool in TOOLS)


def install_peers(names: list[str]) -> dict[str, str]:
    """Bring in the peers that are missing. Returns, by tool, why one is absent all the same."""
    missing = [package for package in DEBIAN_PACKAGES if shutil.which(package) is None]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing]
        subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    absent = {tool.name: reason for tool in TOOLS if tool.name in names and (reason := tool.absence())}
    if "moviepy" in names:
        try:
            moviepy_venv.install()
        except (OSError, subprocess.CalledProcessError) as error:
            absent["moviepy"] = f"its environment could not be made: {error}"
    return absent
