"""Pictures, and the frames of those that move."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

from gpu_tasks.media.decode import VideoReader
from gpu_tasks.media.images import load_image
from gpu_tasks.previews.film import DECODED_PIXELS, SAMPLES, View
from gpu_tasks.previews.pictures import POSTER_SIDE_PX, Pixels, grounded, premultiplied, shrunk
from gpu_tasks.timeline.sources import SourceInfo

MOST_FRAMES = 1000


def samples(path: Path, info: SourceInfo) -> list[Pixels]:
    """The picture (H×W×3, at most 640 pixels a side); of an animated gif up to 12 frames, evenly spread.

    Raises JobFailed.
    """
    if info.format == "gif":
        return _moving(path, info)
    return [grounded(shrunk(premultiplied(load_image(path)), POSTER_SIDE_PX))]


def _moving(path: Path, info: SourceInfo) -> list[Pixels]:
    # Its frames have no index and no known number, and decode faster than anything else: they are counted first.
    limit = min(MOST_FRAMES, SAMPLES * DECODED_PIXELS // max(1, info.width * info.height))
    with VideoReader(path, "the picture") as reader:
        total = max(1, sum(1 for _ in islice(reader.shots(), limit)))
    count = min(SAMPLES, total)
    wanted = {total * (2 * part + 1) // (2 * count) for part in range(count)}
    # Any frame may have gaps, whatever the first one has.
    view = View(replace(info, has_alpha=True))
    with VideoReader(path, "the picture") as reader:
        return [view.show(shot.frame) for place, shot in enumerate(islice(reader.shots(), total)) if place in wanted]
