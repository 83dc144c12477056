"""What comes out and what goes in: formats, codecs, and how media fill their box."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries, served
from apps.docs.reference.writing import SAMPLES, example, name, page, picture, table, unsupported
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.described import FITS, OUTPUT_FORMATS

_CODECS: Final = {
    "h264": "H.264",
    "vp9": "VP9",
    "prores": "ProRes",
    "gif": "GIF",
    "png": "PNG",
    "mjpeg": "JPEG",
    "aac": "AAC",
    "opus": "Opus",
    "pcm_s16le": "PCM, 16 bits",
}
_FILM: Final = {
    "width": 320,
    "height": 180,
    "duration": 2,
    "output_format": "webm",
    "alpha": True,
    "elements": [{"type": "text", "text": "See-through", "duration": 2, "font_size": 48}],
}


def pages() -> Iterable[Page]:
    """The page of formats and fits."""
    yield page(
        "formats",
        "# Formats and fits",
        "`output_format` says what kind of file a render makes; sources may be of many kinds.",
        example(_FILM),
        "## Output",
        table(
            ("`output_format`", "picture", "sound", "transparent", "what for"), map(_output, entries("output_formats"))
        ),
        "Frames come at a constant rate: frame n shows what is at n / `frame_rate` seconds. Odd sizes are possible "
        "in all formats.",
        "## Input",
        "Types that uploads and imports take:",
        table(("kind", "types"), _input()),
        f"`source_url` of a video must end in {_listed(names('video_source_extensions'))}; a query behind it does "
        "not matter. What is inside may use any codec that FFmpeg decodes. Turned, full-range and transparent "
        "sources and such of a variable frame rate are shown as they should be.",
        f"A source may have up to {served()['limits']['source_max_bytes'] / 2**30:g} GiB.",
        "## Fits",
        "`fit` of a video or image says how it fills its box when the shapes differ. The pictures show a tall "
        "picture in a wide box.",
        *(part for entry in entries("fits") for part in _fit(entry)),
    )


def _output(entry: dict[str, Any]) -> tuple[str, ...]:
    made = entry["type"]
    codecs = (_CODECS[entry[kind]] if entry[kind] else "–" for kind in ("video_codec", "audio_codec"))
    alpha = "with `alpha: true`" if entry["alpha"] else "no"
    return (name(made), *codecs, alpha, f"{OUTPUT_FORMATS[made]} {unsupported(entry)}".strip())


def _input() -> Iterator[tuple[str, str]]:
    known = entries("input_formats")
    for kind in dict.fromkeys(entry["kind"] for entry in known):
        yield kind, ", ".join(name(entry["type"]) for entry in known if entry["kind"] == kind and entry["supported"])


def _listed(extensions: tuple[str, ...]) -> str:
    shown = [f"`.{extension}`" for extension in extensions]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def _fit(entry: dict[str, Any]) -> Iterator[str]:
    fit = entry["type"]
    yield f"### {fit}"
    yield FITS[fit]
    yield unsupported(entry)
    yield picture("fits", fit, f"A tall picture with the fit {fit}")
    if entry["supported"]:
        photo = {"type": "image", "id": "photo", "source_url": f"{SAMPLES}/photo.jpg", "duration": 2}
        yield example({**photo, "width": "50%", "height": "80%", "fit": fit}, "element")
