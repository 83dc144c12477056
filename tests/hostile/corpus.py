"""Files made to break, mislead or exhaust whoever opens them. Each builder writes one into a folder.

`canary` is a media file outside the folder; files that try to reach it name it by its absolute path.
"""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from tests.hostile.surgery import box, find_box, insert_in_box, replace_box
from tests.media.make import make_clip, make_sound

Builder = Callable[[Path, Path], Path]


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _clip(folder: Path, name: str = "clip.mp4", **clip: object) -> bytes:
    path = make_clip(folder / name, duration_s=1, flashes_s=(0.5,), **clip)  # type: ignore[arg-type]
    data = path.read_bytes()
    path.unlink()
    return data


def empty(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp4", b"")


def zeros(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp4", bytes(1_000_000))


def truncated_mp4(folder: Path, canary: Path) -> Path:
    data = _clip(folder)
    return _write(folder / "upload.mp4", data[: len(data) * 6 // 10])


def truncated_behind_its_index(folder: Path, canary: Path) -> Path:
    """The index comes first and is whole; half of what it points to is missing."""
    path = folder / "upload.mp4"
    with av.open(str(path), "w", container_options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
        noise = np.random.default_rng(1).integers(0, 255, (20, 360, 320), dtype=np.uint8)
        for index, picture in enumerate(noise):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts = index
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    data = path.read_bytes()
    return _write(path, data[: len(data) // 2])


def playlist(folder: Path, canary: Path) -> Path:
    text = (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{canary}\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n"
    )
    return _write(folder / "upload.mp4", text.encode())


def concat_script(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp4", f"ffconcat version 1.0\nfile '{canary}'\n".encode())


def session_description(folder: Path, canary: Path) -> Path:
    text = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    return _write(folder / "upload.mp4", text.encode())


def dash_manifest(folder: Path, canary: Path) -> Path:
    text = f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file://{canary}</BaseURL></MPD>'
    return _write(folder / "upload.mp4", text.encode())


def metadata_script(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp4", b";FFMETADATA1\ntitle=x\n[STREAM]\n")


def web_page(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.jpg", b"<!doctype html><title>404</title><p>not found</p>" * 50)


def vector_image(folder: Path, canary: Path) -> Path:
    text = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{canary}"/></svg>'
    return _write(folder / "upload.png", text.encode())


def archive(folder: Path, canary: Path) -> Path:
    path = folder / "upload.mp4"
    with zipfile.ZipFile(path, "w") as inside:
        inside.writestr("clip.mp4", "not a clip")
    return path


def text(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp3", b"lorem ipsum dolor sit amet " * 400)


def giant_id3(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(5000))


def folder_as_file(folder: Path, canary: Path) -> Path:
    (folder / "upload.mp4").mkdir()
    return folder / "upload.mp4"


def link_to_outside(folder: Path, canary: Path) -> Path:
    (folder / "upload.mp4").symlink_to(canary)
    return folder / "upload.mp4"


def named_pipe(folder: Path, canary: Path) -> Path:
    os.mkfifo(folder / "upload.mp4")
    return folder / "upload.mp4"


def _png(width: int, height: int, data: bytes, more: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + more + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def huge_png(folder: Path, canary: Path) -> Path:
    """16,000 × 16,000 and correct to the last byte; 31 KB."""
    return _write(folder / "upload.png", _png(16_000, 16_000, zlib.compress(bytes(2001 * 16_000), 9)))


def png_profile_bomb(folder: Path, canary: Path) -> Path:
    """A small picture with a colour profile that unpacks to 100 MB."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    profile = _chunk(b"iCCP", b"x\0\0" + packed)
    return _write(folder / "upload.png", _png(8, 8, zlib.compress(bytes(16)), profile))


def png_without_pixels(folder: Path, canary: Path) -> Path:
    """Declares 8000 × 8000 and stores three rows."""
    return _write(folder / "upload.png", _png(8_000, 8_000, zlib.compress(bytes(3 * 1001))))


def huge_gif(folder: Path, canary: Path) -> Path:
    screen = struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\x00"
    return _write(folder / "upload.gif", b"GIF89a" + screen + frame * 1000 + b";")


def huge_jpeg(folder: Path, canary: Path) -> Path:
    frame = b"\xff\xc0\0\x11\x08" + struct.pack(">HH", 65_000, 65_000) + b"\3\1\x22\0\2\x11\1\3\x11\1"
    return _write(folder / "upload.jpg", b"\xff\xd8" + frame + b"\xff\xd9")


def huge_webp(folder: Path, canary: Path) -> Path:
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff" * 2
    return _write(folder / "upload.webp", b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk)


def huge_tiff(folder: Path, canary: Path) -> Path:
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, 60_000) for tag in (0x100, 0x101))
    return _write(folder / "upload.tiff", b"II*\0" + struct.pack("<IH", 8, 2) + entries + bytes(4))


def cut_off_jpeg_bytes() -> bytes:
    """A JPEG's first segments, and nothing behind them."""
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"


def cut_off_jpeg(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.jpg", cut_off_jpeg_bytes())


def unreadable_codec(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.mp4", _clip(folder).replace(b"avc1", b"zzzz"))


def unreadable_sound_codec(folder: Path, canary: Path) -> Path:
    data = _clip(folder).replace(b"mp4a", b"zzzz")
    object_type = data.index(b"\x40\x15", data.index(b"esds"))
    return _write(folder / "upload.mp4", data[:object_type] + b"\xfe" + data[object_type + 1 :])


def three_hundred_streams(folder: Path, canary: Path) -> Path:
    path = folder / "upload.mp4"
    with av.open(str(path), "w", format="mov") as container:
        streams = [container.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(300)]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 80), dtype=np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8000, 0
            container.mux(stream.encode(frame))
    return path


def outside_data_reference(folder: Path, canary: Path) -> Path:
    """A QuickTime movie whose samples are said to lie in another file, by an alias record with an absolute path."""
    name = str(canary).encode()
    location = struct.pack(">HH", 2, len(name)) + name + bytes(len(name) % 2) + b"\xff\xff\0\0"
    record = bytes(4) + struct.pack(">H", 0) + bytes(144) + location
    alias = box(b"alis", b"\0\0\0\0" + record)
    references = box(b"dref", struct.pack(">II", 0, 1) + alias)
    data = _clip(folder, "clip.mov", sound=False)
    return _write(
        folder / "upload.mov", replace_box(data, (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"), references)
    )


def huge_sample_entry(folder: Path, canary: Path) -> Path:
    """A header of 16,000 × 16,000 for pictures whose codec knows no size of its own."""
    path = folder / "upload.avi"
    with av.open(str(path), "w") as container:
        video = container.add_stream("rawvideo", rate=30)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        frame = av.VideoFrame(32, 32, "yuv420p")
        frame.pts = 0
        container.mux(video.encode(frame))
        container.mux(video.encode(None))
    data = bytearray(path.read_bytes())
    header = data.index(b"strf") + 12
    struct.pack_into("<ii", data, header, 16_000, 16_000)
    return _write(path, bytes(data))


def endless_sample_table(folder: Path, canary: Path) -> Path:
    """Sizes for two billion samples, of which thirty are there."""
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz")
    return _write(folder / "upload.mp4", insert_in_box(_clip(folder), table, 8, struct.pack(">I", 0x7FFFFFFF)))


def too_long(folder: Path, canary: Path) -> Path:
    """Thirty frames, the last of which is to be shown for fifty hours, by all its tables."""
    data = _clip(folder, sound=False)
    times = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts")
    offset, _ = find_box(data, (b"moov", b"trak", b"mdia", b"mdhd"))
    ticks_per_s = struct.unpack_from(">I", data, offset + 20)[0]
    entries = struct.pack(">IIIIII", 0, 2, 29, ticks_per_s // 30, 1, ticks_per_s * 3600 * 40)
    data = replace_box(data, times, box(b"stts", entries))
    return _write(folder / "upload.mp4", data)


def wild_wav(folder: Path, canary: Path) -> Path:
    layout = struct.pack("<HHIIHH", 1, 64, 4_000_000, 512_000_000, 128, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", 12_800) + bytes(12_800)
    return _write(folder / "upload.wav", b"RIFF" + struct.pack("<I", len(body)) + body)


def damaged_pictures(folder: Path, canary: Path) -> Path:
    """The header and the index are whole; every byte of the pictures is noise."""
    data = bytearray(_clip(folder, sound=False))
    offset, size = find_box(bytes(data), (b"mdat",))
    data[offset + 8 : offset + size] = np.random.default_rng(3).bytes(size - 8)
    return _write(folder / "upload.mp4", bytes(data))


def chained_ogg(folder: Path, canary: Path) -> Path:
    """Two thousand short sound streams, one behind the other."""
    path = folder / "one.ogg"
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), dtype=np.float32), format="flt", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return _write(folder / "upload.ogg", path.read_bytes() * 2000)


def lying_mp4(folder: Path, canary: Path) -> Path:
    """One second of pictures; movie, track and media headers say 1000 hours."""
    data = _clip(folder, sound=False)
    for path, offset in (((b"moov", b"mvhd"), 16), ((b"moov", b"trak", b"mdia", b"mdhd"), 16)):
        data = insert_in_box(data, path, offset, struct.pack(">I", 0xFFFFFFF0))
    return _write(folder / "upload.mp4", data)


def lying_webm(folder: Path, canary: Path) -> Path:
    """One second of pictures; the segment says a million seconds."""
    data = bytearray(_clip(folder, "clip.webm", sound=False))
    at = data.index(b"\x44\x89\x88")
    struct.pack_into(">d", data, at + 3, 1e9)
    return _write(folder / "upload.webm", bytes(data))


def understating_webm(folder: Path, canary: Path) -> Path:
    """One second of pictures; the segment says a tenth."""
    data = bytearray(_clip(folder, "clip.webm", sound=False))
    struct.pack_into(">d", data, data.index(b"\x44\x89\x88") + 3, 100.0)
    return _write(folder / "upload.webm", bytes(data))


def clip_named_jpg(folder: Path, canary: Path) -> Path:
    return _write(folder / "upload.jpg", _clip(folder))


def sound_named_mp4(folder: Path, canary: Path) -> Path:
    make_sound(folder / "s.flac", duration_s=1)
    return _write(folder / "upload.mp4", (folder / "s.flac").read_bytes())


REFUSED: tuple[tuple[Builder, str], ...] = (
    (empty, "invalid_source"),
    (zeros, "invalid_source"),
    (truncated_mp4, "invalid_source"),
    (truncated_behind_its_index, "invalid_source"),
    (playlist, "invalid_source"),
    (concat_script, "invalid_source"),
    (session_description, "invalid_source"),
    (dash_manifest, "invalid_source"),
    (metadata_script, "invalid_source"),
    (web_page, "invalid_source"),
    (vector_image, "invalid_source"),
    (archive, "invalid_source"),
    (text, "invalid_source"),
    (giant_id3, "invalid_source"),
    (folder_as_file, "invalid_source"),
    (link_to_outside, "invalid_source"),
    (named_pipe, "invalid_source"),
    (huge_png, "source_too_large"),
    (huge_gif, "source_too_large"),
    (huge_jpeg, "source_too_large"),
    (huge_webp, "source_too_large"),
    (huge_tiff, "source_too_large"),
    (huge_sample_entry, "source_too_large"),
    (three_hundred_streams, "source_too_large"),
    (too_long, "source_too_large"),
    (wild_wav, "source_too_large"),
    (png_profile_bomb, "source_too_large"),
    (png_without_pixels, "decode_failed"),
    (cut_off_jpeg, "decode_failed"),
    (damaged_pictures, "decode_failed"),
    (outside_data_reference, "decode_failed"),
    (endless_sample_table, "invalid_source"),
    (unreadable_codec, "codec_unsupported"),
    (unreadable_sound_codec, "codec_unsupported"),
)
"""Builders with the error code that each of their files must end in."""

MISLEADING: tuple[tuple[Builder, str, float | None], ...] = (
    (lying_mp4, "mp4", 1.0),
    (lying_webm, "webm", 1.0),
    (understating_webm, "webm", 1.0),
    (clip_named_jpg, "mp4", 1.0),
    (sound_named_mp4, "flac", 1.0),
)
"""Files with good content and wrong claims: format and seconds that the probe must find."""

EXHAUSTING: tuple[Builder, ...] = (chained_ogg,)
"""Files that may be read or refused, but only within the bounds."""
