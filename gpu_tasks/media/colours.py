"""Which colours the numbers of a decoded frame mean."""

import av
from av.video.reformatter import ColorRange, Colorspace

SD_LINES = 576
UNSPECIFIED = 2


def colours_of(frame: av.VideoFrame) -> tuple[int | None, int]:
    """Matrix (None: RGB) and range of a frame. Untagged pictures follow the usual split: BT.601 for SD, else BT.709."""
    if frame.format.is_rgb or frame.format.name.startswith(("gbr", "pal")):
        return None, ColorRange.JPEG
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    colorspace = int(frame.colorspace)
    if colorspace in (0, UNSPECIFIED):
        colorspace = Colorspace.ITU601 if frame.height <= SD_LINES else Colorspace.ITU709
    return colorspace, ColorRange.JPEG if full else ColorRange.MPEG
