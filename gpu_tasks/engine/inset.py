"""`contain_blur`: the whole picture, sharp, on a ground that the same picture fills, enlarged, blurred and dimmed."""

from dataclasses import replace

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.sheets import lay
from gpu_tasks.engine.surface import Surface, blank
from gpu_tasks.timeline.geometry import Placement

GROUND_LINES = 96
"""The ground is made this small: what is blurred anyway costs nothing to compute."""
SIGMA_SHARE, DIMMING = 0.035, 0.25


def without_inset(place: Placement) -> Placement:
    return replace(place, inset=None)


def small_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size at which the ground is made."""
    scale = min(1.0, GROUND_LINES / min(size))
    return (max(2, round(size[0] * scale)), max(2, round(size[1] * scale)))


def scaled_inset(place: Placement, size: tuple[int, int]) -> tuple[Placement, tuple[int, int]]:
    """The sharp picture's placement when the box is rastered at `size`, and its corner there, even."""
    assert place.inset is not None
    across, down = size[0] / place.width, size[1] / place.height
    x, y = place.inset.matrix.apply(0, 0)
    corner = (round(x * across / 2) * 2, round(y * down / 2) * 2)
    width = min(max(1, round(place.inset.width * across)), size[0] - corner[0])
    height = min(max(1, round(place.inset.height * down)), size[1] - corner[1])
    return replace(place.inset, width=width, height=height), corner


def blurred_ground(size: tuple[int, int], small: Surface) -> Surface:
    """The ground at full size from a small copy of what fills the box; opaque, as dim light behind the picture."""
    ground = blank(*size, small.subsampling, alpha=not small.is_opaque)
    sigma_px = SIGMA_SHARE * min(small.width, small.height)
    blacks = (16, 128, 128)
    for index, (plane, target) in enumerate(zip(small.every_plane(), ground.every_plane(), strict=True)):
        sigma = sigma_px / small.subsampling if index in (1, 2, 4) else sigma_px
        soft = cpu.gaussian(plane, sigma, hold_edges=True, out=cpu.empty(plane.shape))
        if index < 3:
            cpu.toward(soft, small.alphas()[index], blacks[index], DIMMING, soft)
        cpu.enlarge(soft, (target.shape[1], target.shape[0]), smooth=True, out=target)
    return ground


def laid(ground: Surface, picture: Surface, corner: tuple[int, int]) -> Surface:
    """The picture on the ground."""
    left, top = corner
    area = ground.crop(left, top, left + picture.width, top + picture.height)
    if not picture.is_opaque:
        lay(cpu, area, picture)
        return ground
    for target, source in zip(area.every_plane(), picture.every_plane(), strict=True):
        cpu.copy(source, target)
    return ground
