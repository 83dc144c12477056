"""Everything in the catalogue looks as it did when its golden frames were stored: `python -m tests.golden.update`."""

import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.golden.films import frames_shown
from tests.golden.scenes import Golden, goldens
from tests.golden.sheets import COLUMNS_PX, SHEETS, index, psnr_db, stored, strip_of

LEAST_PSNR_DB = 40.0
"""Processors differ in the last bit of what OpenCV, Skia and swscale compute."""
MOST_BYTES = 300_000


@pytest.mark.slow
@pytest.mark.parametrize("golden", goldens(), ids=str)
def test_it_looks_as_it_did(golden: Golden, paths: dict[str, Path]) -> None:
    rendered = strip_of(frames_shown(golden, paths))
    likeness_db = psnr_db(rendered, stored(golden))
    assert likeness_db >= LEAST_PSNR_DB, f"{likeness_db:.1f} dB; look at {seen(golden, rendered)}"


def seen(golden: Golden, rendered: np.ndarray) -> Path:
    """A picture for people: as stored, as rendered, and ten times the difference."""
    path = Path(tempfile.gettempdir()) / f"golden-{golden}.png"
    gap = np.clip(np.abs(rendered.astype(int) - stored(golden)) * 10, 0, 255).astype(np.uint8)
    cv2.imwrite(str(path), np.vstack([stored(golden), rendered, gap]))
    return path


def test_the_sheets_hold_the_catalogue_and_nothing_else() -> None:
    held = {(family, name) for family, facts in index().items() for name in facts["names"]}
    assert held == {(golden.family, golden.name) for golden in goldens()}


@pytest.mark.parametrize("path", sorted(SHEETS.glob("*.png")), ids=lambda path: path.stem)
def test_the_sheets_are_small(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    assert cv2.imread(str(path)).shape[1] <= COLUMNS_PX
