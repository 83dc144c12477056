"""What a file is, by its first bytes: the allow-list of demuxers.

FFmpeg's own detection knows some 300 formats, playlists and scripts that name other files among them. Here only what
this table names is ever opened, whatever the file is called.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from gpu_tasks.media.cube import looks_like_cube

MediaKind = Literal["video", "audio", "image", "lut", "font"]
HEAD_BYTES = 4096
TEXT_HEAD_BYTES = 64 * 1024
_TS_PACKET_BYTES = 188
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_AVIF_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class MediaFormat:
    """A file format that is understood: its demuxer's name in FFmpeg, what it usually holds, and its MIME types.

    What is not for FFmpeg has no demuxer.
    """

    name: str
    demuxer: str
    kind: MediaKind
    content_type: str
    audio_content_type: str = ""


MP4 = MediaFormat("mp4", "mov", "video", "video/mp4", "audio/mp4")
MOV = MediaFormat("mov", "mov", "video", "video/quicktime", "audio/mp4")
WEBM = MediaFormat("webm", "matroska", "video", "video/webm", "audio/webm")
MATROSKA = MediaFormat("matroska", "matroska", "video", "video/x-matroska", "audio/x-matroska")
AVI = MediaFormat("avi", "avi", "video", "video/x-msvideo", "audio/x-msvideo")
MPEG = MediaFormat("mpeg", "mpeg", "video", "video/mpeg", "audio/mpeg")
MPEG_TS = MediaFormat("mpegts", "mpegts", "video", "video/mpeg", "audio/mpeg")
MP3 = MediaFormat("mp3", "mp3", "audio", "audio/mpeg")
AAC = MediaFormat("aac", "aac", "audio", "audio/aac")
WAV = MediaFormat("wav", "wav", "audio", "audio/wav")
FLAC = MediaFormat("flac", "flac", "audio", "audio/flac")
OGG = MediaFormat("ogg", "ogg", "audio", "video/ogg", "audio/ogg")
PNG = MediaFormat("png", "png_pipe", "image", "image/png")
JPEG = MediaFormat("jpeg", "jpeg_pipe", "image", "image/jpeg")
WEBP = MediaFormat("webp", "webp_pipe", "image", "image/webp")
GIF = MediaFormat("gif", "gif", "image", "image/gif")
TIFF = MediaFormat("tiff", "tiff_pipe", "image", "image/tiff")
CUBE = MediaFormat("cube", "", "lut", "text/plain")
TTF = MediaFormat("ttf", "", "font", "font/ttf")
OTF = MediaFormat("otf", "", "font", "font/otf")
WOFF = MediaFormat("woff", "", "font", "font/woff")
WOFF2 = MediaFormat("woff2", "", "font", "font/woff2")

READABLE = "mp4, mov, webm, mkv, avi, mpeg, mp3, aac, wav, flac, ogg, png, jpeg, webp, gif, tiff or cube"


def sniff(file: BinaryIO) -> MediaFormat | None:
    """The format of a file by its content, read from its start; None for what is not on the allow-list."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head[:3] == b"ID3":
        return _behind_id3(file, head)
    return _by_head(head) or _as_table(head, file)


def _as_table(head: bytes, file: BinaryIO) -> MediaFormat | None:
    """Before it announces its size, a colour table may hold many lines of comment."""
    return CUBE if looks_like_cube(head + file.read(TEXT_HEAD_BYTES)) else None


def _by_head(head: bytes) -> MediaFormat | None:
    for matches, found in _SIGNATURES:
        if matches(head):
            return found
    if head[:4] == b"\x1aE\xdf\xa3":
        return WEBM if b"webm" in head[:64] else MATROSKA
    if head[4:8] == b"ftyp":
        return _iso_brand(head[8:12])
    return _mpeg_audio(head)


def _starts(prefix: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(prefix)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] in (b"RIFF", b"RF64") and head[8:12] == form


def _is_transport_stream(head: bytes) -> bool:
    return len(head) > 2 * _TS_PACKET_BYTES and all(head[i] == 0x47 for i in range(0, 3 * _TS_PACKET_BYTES - 187, 188))


def _iso_brand(brand: bytes) -> MediaFormat | None:
    if brand in _AVIF_BRANDS:
        return None
    return MOV if brand == b"qt  " else MP4


def _mpeg_audio(head: bytes) -> MediaFormat | None:
    """ADTS and MPEG audio have no signature but the frame sync: 11 or 12 set bits, then layer and rate indices."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer, rate_index = head[1] >> 1 & 3, head[2] >> 2 & 3
    if layer == 0:
        return AAC if head[1] & 0xF0 == 0xF0 else None
    return MP3 if head[2] >> 4 != 15 and rate_index != 3 else None


def _behind_id3(file: BinaryIO, head: bytes) -> MediaFormat | None:
    """An ID3 tag may stand before mp3, aac and flac; its length is 28 bits, 7 in each of four bytes."""
    if len(head) < 10 or not re.fullmatch(rb"[\x00-\x7f]{4}", head[6:10], re.DOTALL):
        return None
    size = sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(10 + size)
    return _by_head(file.read(HEAD_BYTES).lstrip(b"\0"))


_SIGNATURES: tuple[tuple[Callable[[bytes], bool], MediaFormat], ...] = (
    (_starts(b"\x89PNG\r\n\x1a\n"), PNG),
    (_starts(b"\xff\xd8\xff"), JPEG),
    (_riff(b"WEBP"), WEBP),
    (_starts(b"GIF87a"), GIF),
    (_starts(b"GIF89a"), GIF),
    (_starts(b"II*\0"), TIFF),
    (_starts(b"MM\0*"), TIFF),
    (_riff(b"WAVE"), WAV),
    (_riff(b"AVI "), AVI),
    (_starts(b"fLaC"), FLAC),
    (_starts(b"OggS"), OGG),
    (_starts(b"\0\0\1\xba"), MPEG),
    (_is_transport_stream, MPEG_TS),
    (lambda head: head[4:8] in _QUICKTIME_ATOMS, MOV),
    (_starts(b"\0\1\0\0"), TTF),
    (_starts(b"true"), TTF),
    (_starts(b"OTTO"), OTF),
    (_starts(b"wOFF"), WOFF),
    (_starts(b"wOF2"), WOFF2),
)
