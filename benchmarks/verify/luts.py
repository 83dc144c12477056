"""Colour tables against FFmpeg's `lut3d` (tetrahedral) and `lut1d`, which work in R'G'B'."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import EXACT_SCALE, filtered, frame_of, planes_of
from benchmarks.verify.pictures import moment_of, natural, surface_of
from gpu_tasks.engine.colour import lut_stage
from gpu_tasks.engine.surface import Surface

Table = NDArray[np.float64]
_FORMATS = {1: "yuv444p", 2: "yuv420p"}


def findings(size: Size) -> Iterator[Finding]:
    tables = {"33³": _graded(33), "17³": _graded(17), "1D": _curves(1024)}
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        for name, table in tables.items():
            path = Path(folder) / f"{len(table)}.cube"
            _write(path, table)
            for subsampling in (1, 2):
                yield _compared(path, name, surface_of(natural(size), subsampling))


def _compared(path: Path, name: str, surface: Surface) -> Finding:
    theirs_name = "lut1d" if name == "1D" else "lut3d"
    pixel_format = _FORMATS[surface.subsampling]
    theirs = filtered(
        frame_of(surface.every_plane(), pixel_format),
        ("scale", f"{EXACT_SCALE}:in_color_matrix=bt709:in_range=tv:out_range=pc"),
        ("format", "gbrp"),
        (theirs_name, f"file={path}" if name == "1D" else f"file={path}:interp=tetrahedral"),
        ("scale", f"{EXACT_SCALE}:out_color_matrix=bt709:out_range=tv"),
        ("format", pixel_format),
    )
    ours = lut_stage(path, 1.0).apply(surface, moment_of(surface))
    return alike(f"lut_url, {name}, {pixel_format}", f"FFmpeg {theirs_name}", ours.every_plane(), planes_of(theirs))


def _graded(size: int) -> Table:
    """Contrast, warm lights and cool shadows: curved in all directions, as graders make them."""
    ramp = np.linspace(0, 1, size)
    rgb = np.stack(np.meshgrid(ramp, ramp, ramp, indexing="ij"), axis=-1) ** np.array([0.9, 1.0, 1.15])
    luma = (rgb @ np.array([0.2126, 0.7152, 0.0722]))[..., None]
    tint = np.array([0.05, 0.4, 0.5]) * (1 - luma) + np.array([1.0, 0.65, 0.35]) * luma
    return np.asarray(np.clip(0.75 * rgb * rgb * (3 - 2 * rgb) + 0.25 * tint * (0.4 + 0.9 * luma), 0, 1))


def _curves(size: int) -> Table:
    ramp = np.linspace(0, 1, size)
    return np.stack([ramp**0.7, ramp * ramp * (3 - 2 * ramp), ramp**1.4], axis=-1)


def _write(path: Path, table: Table) -> None:
    dimensions = 1 if table.ndim == 2 else 3
    rows = table.reshape(-1, 3) if dimensions == 1 else table.transpose(2, 1, 0, 3).reshape(-1, 3)
    lines = [f"LUT_{dimensions}D_SIZE {len(table)}", *(" ".join(f"{value:.6f}" for value in row) for row in rows)]
    path.write_text("\n".join([*lines, ""]), "ascii")
