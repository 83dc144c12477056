"""Which files may be uploaded, and what their first bytes say that they are."""

import re
from collections.abc import Callable
from functools import cache

from gpu_tasks.timeline.catalogue import catalogue

HEAD_BYTES = 4096
"""How much of a file `sniff` looks at."""

_TS_PACKET_BYTES = 188
_M2TS_PACKET_BYTES = 192


@cache
def kinds_by_type() -> dict[str, str]:
    """Accepted content type → asset kind, from the catalogue."""
    sections: dict[str, list[str]] = catalogue()["upload_mime_types"]
    return {content_type: kind for kind, types in sections.items() for content_type in types}


def sniff(head: bytes) -> frozenset[str]:
    """The kinds of asset that a file with these first bytes may be; empty when it is none that is accepted.

    A container that holds sound as often as pictures counts as both: what is in it, the probe finds out.
    """
    for recognises, kinds in _SIGNATURES:
        if recognises(head):
            return kinds
    return frozenset()


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] in (b"RIFF", b"RF64") and head[8:12] == form


def _is_iso_media(head: bytes) -> bool:
    """MP4 and QuickTime begin with a box; old QuickTime files have no `ftyp`."""
    if head[4:8] == b"ftyp":
        return head[8:12] not in _IMAGE_BRANDS
    return head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


_IMAGE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"jxl ", b"crx ")


def _is_transport_stream(head: bytes) -> bool:
    plain = all(head[i * _TS_PACKET_BYTES : i * _TS_PACKET_BYTES + 1] == b"G" for i in range(5))
    stamped = all(head[i * _M2TS_PACKET_BYTES + 4 : i * _M2TS_PACKET_BYTES + 5] == b"G" for i in range(5))
    return plain or stamped


# Frame headers of MPEG audio layers 1 to 3 (a valid version, layer, bitrate and sampling rate), and of AAC in ADTS.
_MPEG_AUDIO = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xeb]", re.DOTALL)
_ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]", re.DOTALL)

_AV = frozenset({"video", "audio"})
_VIDEO = frozenset({"video"})
_AUDIO = frozenset({"audio"})
_IMAGE = frozenset({"image"})
_FONT = frozenset({"font"})

_SIGNATURES: tuple[tuple[Callable[[bytes], bool], frozenset[str]], ...] = (
    (_is_iso_media, _AV),
    (_begins(b"\x1a\x45\xdf\xa3"), _AV),
    (_riff(b"AVI "), _VIDEO),
    (_riff(b"WAVE"), _AUDIO),
    (_riff(b"WEBP"), _IMAGE),
    (_begins(b"\0\0\x01\xba", b"\0\0\x01\xb3"), _VIDEO),
    (_is_transport_stream, _VIDEO),
    (_begins(b"fLaC", b"ADIF", b"ID3"), _AUDIO),
    (_begins(b"OggS"), _AV),
    (_begins(b"\xff\xd8\xff"), _IMAGE),
    (_begins(b"\x89PNG\r\n\x1a\n"), _IMAGE),
    (_begins(b"GIF87a", b"GIF89a"), _IMAGE),
    (_begins(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), _IMAGE),
    (_begins(b"\0\x01\0\0", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2"), _FONT),
    (lambda head: _ADTS.match(head) is not None, _AUDIO),
    (lambda head: _MPEG_AUDIO.match(head) is not None, _AUDIO),
)
