"""Renders requests with the engine, in this process: from JSON as a customer would send it to frames."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from examples.sources.noise import Array
from gpu_tasks.engine.render import FrameSource, render
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.sources import SourceInfo
from scripts.gallery.tiles import Payload

JPEG_QUALITY = 85
FILM_PIXELS = "yuv420p"
"""As in an mp4: what a film would show, without its coding losses."""


class Studio:
    """Renders requests whose source URLs are names of files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def frames(self, payload: Payload) -> Iterator[Array]:
        """The frames of a film, or the one frame of a still: H×W×3 uint8 RGB."""
        plan, paths = self._plan(payload)
        for frame in FrameSource(plan, paths, FILM_PIXELS):
            yield _rgb(frame)

    def write(self, payload: Payload, path: Path) -> None:
        """Render a request into a file, as a worker does."""
        plan, paths = self._plan(payload)
        render(plan, paths, path)

    def write_jpeg(self, payload: Payload, path: Path) -> None:
        """Render a still into a JPEG for the web; the engine's own is made for further work, and larger."""
        still = self.folder / f"{path.stem}-sheet.png"
        self.write({**payload, "output_format": "png"}, still)
        options = [
            cv2.IMWRITE_JPEG_QUALITY,
            JPEG_QUALITY,
            cv2.IMWRITE_JPEG_OPTIMIZE,
            1,
            cv2.IMWRITE_JPEG_PROGRESSIVE,
            1,
        ]
        cv2.imwrite(str(path), cv2.imread(str(still)), options)
        still.unlink()

    def _plan(self, payload: Payload) -> tuple[Plan, dict[str, Path]]:
        request = parse_render(payload, local_sources=True)
        paths = {url: self.folder / url for url in request.source_urls()}
        return make_plan(request, {url: self._info(url) for url in paths}), paths

    def _info(self, url: str) -> SourceInfo:
        if url not in self._infos:
            self._infos[url] = probe(self.folder / url)
        return self._infos[url]

    @cached_property
    def _infos(self) -> dict[str, SourceInfo]:
        return {}


def _rgb(frame: av.VideoFrame) -> Array:
    settings: dict[str, Any] = {"src_colorspace": Colorspace.ITU709, "src_color_range": ColorRange.MPEG}
    return np.asarray(frame.reformat(format="rgb24", dst_color_range=ColorRange.JPEG, **settings).to_ndarray())
