"""What holds for every transition of the catalogue."""

from itertools import pairwise

import numpy as np
import pytest

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions import TRANSITIONS
from gpu_tasks.timeline.catalogue import names
from tests.engine.transitions.stage import (
    KINDS,
    SIZE,
    distance,
    joined,
    kernels,
    pictures,
    same,
    with_full_alpha,
)

pytestmark = pytest.mark.slow

NAMES = sorted(TRANSITIONS)
STROBING = {"glitch_memories"}
THROUGH_A_COLOUR = {"dip_to_black", "dip_to_white"}
"""They know no box: where nothing is shown, their colour is nothing, too."""
ODD, TINY = (61, 43), [(16, 16), (5, 3), (1, 1)]

every_transition = pytest.mark.parametrize("name", NAMES)
every_kind = pytest.mark.parametrize(("subsampling", "alpha"), KINDS)


def test_every_name_of_the_catalogue_is_registered_and_described() -> None:
    assert set(NAMES) == set(names("transitions"))
    assert all(entry.look.endswith(".") for entry in TRANSITIONS.values())


@every_transition
@every_kind
@pytest.mark.parametrize("size", [SIZE, ODD])
def test_the_ends_are_the_pictures_themselves(name: str, subsampling: int, alpha: bool, size: tuple[int, int]) -> None:
    outgoing, incoming = pictures(size, subsampling, alpha=alpha)
    assert same(joined(name, outgoing, incoming, 0.0, poison=77), outgoing)
    assert same(joined(name, outgoing, incoming, 1.0, poison=77), incoming)


@every_transition
@every_kind
@pytest.mark.parametrize("size", [SIZE, ODD, *TINY])
def test_every_pixel_is_written_and_nothing_else_counts(
    name: str, subsampling: int, alpha: bool, size: tuple[int, int]
) -> None:
    """Neither what was in `out` nor what is in fresh memory may show."""
    outgoing, incoming = pictures(size, subsampling, alpha=alpha)
    for progress in (0.07, 0.5, 0.8):
        first = joined(name, outgoing, incoming, progress, poison=3)
        assert same(first, joined(name, outgoing, incoming, progress, poison=201))


@every_transition
@every_kind
def test_a_frame_does_not_depend_on_those_before_it(name: str, subsampling: int, alpha: bool) -> None:
    outgoing, incoming = pictures(ODD, subsampling, alpha=alpha)
    scratch = Scratch(kernels(9))
    for progress in (0.1, 0.45, 0.9, 0.3):
        film = joined(name, outgoing, incoming, progress, scratch=scratch)
        assert same(film, joined(name, outgoing, incoming, progress))


@every_transition
@every_kind
def test_the_pictures_are_left_as_they_are(name: str, subsampling: int, alpha: bool) -> None:
    outgoing, incoming = pictures(ODD, subsampling, alpha=alpha)
    for progress in (0.2, 0.5, 0.8):
        joined(name, outgoing, incoming, progress)
    fresh = pictures(ODD, subsampling, alpha=alpha)
    assert same(outgoing, fresh[0])
    assert same(incoming, fresh[1])


@every_transition
@every_kind
def test_colours_stay_within_their_alpha(name: str, subsampling: int, alpha: bool) -> None:
    """Premultiplied luma is at most white times alpha, and at least black times alpha."""
    outgoing, incoming = pictures(SIZE, subsampling, alpha=alpha)
    for progress in (0.15, 0.5, 0.85):
        out = joined(name, outgoing, incoming, progress)
        shown = np.full(out.y.shape, 255) if out.alpha is None else out.alpha.astype(int)
        assert (out.y <= shown * 235 / 255 + 4).all()
        assert (out.y >= shown * 16 / 255 - 4).all()


@every_transition
def test_with_full_alpha_it_is_as_without(name: str) -> None:
    """Where the pictures are, that is: beyond solid things lies black without alpha, and nothing with it."""
    for subsampling in (1, 2):
        opaque = pictures(SIZE, subsampling)
        plain = joined(name, *opaque, 0.45)
        other = joined(name, with_full_alpha(opaque[0]), with_full_alpha(opaque[1]), 0.45)
        assert other.alpha is not None
        shown = other.alpha >= 254
        assert shown.mean() > 0.6
        assert np.abs(plain.y.astype(int) - other.y)[shown].max() <= 3


@pytest.mark.parametrize("name", [name for name in NAMES if name not in THROUGH_A_COLOUR])
@pytest.mark.parametrize("box", [(20, 12, 70, 40), (-30, -20, 41, 27), (33, 21, 140, 90), (30, 10, 31, 54)])
def test_outside_of_the_box_lies_only_what_was_there(name: str, box: tuple[int, int, int, int]) -> None:
    outgoing, incoming = pictures()
    out = joined(name, outgoing, incoming, 0.4, box=box)
    assert same(out, joined(name, outgoing, incoming, 0.4, box=box, poison=160))
    outside = np.ones(out.y.shape, bool)
    # Boxes work on whole chroma samples, which may take in one more row or column.
    outside[max(box[1] - 1, 0) : box[3] + 1, max(box[0] - 1, 0) : box[2] + 1] = False
    low, high = np.minimum(outgoing.y, incoming.y), np.maximum(outgoing.y, incoming.y)
    assert (out.y.astype(int) >= low.astype(int) - 1)[outside].all()
    assert (out.y.astype(int) <= high.astype(int) + 1)[outside].all()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in THROUGH_A_COLOUR])
@pytest.mark.parametrize("box", [(200, 10, 260, 40), (40, 20, 40, 20), (-50, 0, -10, 54)])
@every_kind
def test_a_box_off_the_canvas_is_no_reason_to_fail(
    name: str, box: tuple[int, int, int, int], subsampling: int, alpha: bool
) -> None:
    outgoing, incoming = pictures(SIZE, subsampling, alpha=alpha)
    out = joined(name, outgoing, incoming, 0.5, box=box)
    assert same(out, joined(name, outgoing, incoming, 0.5, box=box, poison=90))


@every_transition
def test_it_sets_off_and_arrives_gently(name: str) -> None:
    outgoing, incoming = pictures()
    assert distance(joined(name, outgoing, incoming, 0.001), outgoing) < 1
    assert distance(joined(name, outgoing, incoming, 0.999), incoming) < 1


@pytest.mark.parametrize("name", [name for name in NAMES if name not in STROBING])
def test_it_never_jumps(name: str) -> None:
    """From one frame of sixty to the next, no more than a sixth of the way between black and white on average."""
    outgoing, incoming = pictures()
    scratch = Scratch(kernels())
    frames = [joined(name, outgoing, incoming, step / 60, scratch=scratch) for step in range(61)]
    steps = [distance(a, b) for a, b in pairwise(frames)]
    assert max(steps) < 12


@every_transition
def test_it_looks_alike_at_every_resolution(name: str) -> None:
    small, large = (joined(name, *pictures((scale * SIZE[0], scale * SIZE[1])), 0.45) for scale in (2, 6))
    assert np.abs(cpu.shrink(large.y, (small.width, small.height)).astype(int) - small.y).mean() < 7


@every_transition
def test_with_nothing_on_one_side_it_fades_from_and_to_nothing(name: str) -> None:
    outgoing, incoming = pictures(alpha=True)
    incoming.fill(0, 0, 0, 0)
    assert _opacity(joined(name, outgoing, incoming, 0.02)) > 0.9 * _opacity(outgoing)
    assert _opacity(joined(name, outgoing, incoming, 0.98)) < 0.15 * _opacity(outgoing)


def _opacity(surface: Surface) -> float:
    assert surface.alpha is not None
    return float(surface.alpha.mean())
