"""The way of one film: upload, render, follow, download."""

from pathlib import Path

from scripts.client import CHUNK_UNIT_BYTES, Client
from scripts.demo.film import check_film
from tests.e2e.sync import moments

FRAME_S = 1 / 30


def titled_scene(source_url: str) -> dict[str, object]:
    """Four seconds of the clip under a title."""
    return {
        "width": 640,
        "height": 360,
        "duration": 4,
        "frame_rate": 30,
        "elements": [
            {"type": "text", "text": "Alice was here", "time": 0.2, "duration": 1.5, "font_size": 48},
            {"type": "video", "source_url": source_url, "time": 0},
        ],
    }


def test_a_clip_uploaded_in_two_chunks_with_a_break_becomes_a_film(
    alice: Client, flash_clip: Path, tmp_path: Path
) -> None:
    padded = _padded_beyond_one_chunk(flash_clip, tmp_path)
    opened = alice.open_upload(padded)
    data = padded.read_bytes()
    received = alice.put_chunk(opened["upload_url"], data[:CHUNK_UNIT_BYTES], 0, len(data))
    assert received == CHUNK_UNIT_BYTES
    with Client(alice.base_url, "") as reconnected:
        assert reconnected.received_bytes(opened["upload_url"], len(data)) == received
        assert reconnected.put_chunk(opened["upload_url"], data[received:], received, len(data)) == len(data)
    scene = titled_scene(opened["source_url"])
    answers: list[tuple[str, int]] = []
    job = alice.submit(scene)
    assert job["status"] == "queued"
    done = alice.wait(job["id"], lambda seen: answers.append((seen["status"], seen["progress_percent"])))
    assert done["status"] == "completed", done["error"]
    film = alice.download(job["id"], tmp_path / "film.mp4")
    check_film(film, scene)
    assert done["output"]["width"] == 640
    assert done["output"]["duration"] == 4
    assert done["output"]["size_bytes"] == film.stat().st_size
    assert [percent for _, percent in answers] == sorted(percent for _, percent in answers)


def test_flash_and_beep_stay_together(alice: Client, flash_url: str, tmp_path: Path) -> None:
    """At its own place, moved on the timeline, trimmed, and at double speed."""
    clips: list[dict[str, float]] = [
        {"time": 0, "in_point": 0, "out_point": 3, "speed": 1},
        {"time": 3, "in_point": 1.3, "out_point": 3.3, "speed": 1},
        {"time": 5, "in_point": 1, "out_point": 4, "speed": 2},
    ]
    scene = {
        "width": 640,
        "height": 360,
        "duration": 6.5,
        "elements": [{"type": "video", "source_url": flash_url, **clip} for clip in clips],
    }
    done = alice.wait(alice.submit(scene)["id"])
    assert done["status"] == "completed", done["error"]
    seen = moments(alice.download(done["id"], tmp_path / "film.mp4"))
    expected = [2.0, 3.7, 5.5]
    assert len(seen.flashes_s) == len(seen.beeps_s) == len(expected)
    for flash_s, beep_s, expected_s in zip(seen.flashes_s, seen.beeps_s, expected, strict=True):
        assert abs(flash_s - expected_s) <= FRAME_S
        assert abs(beep_s - flash_s) <= FRAME_S


def _padded_beyond_one_chunk(clip: Path, folder: Path) -> Path:
    """The clip with an ignorable box at its end, so that it takes two chunks."""
    size = CHUNK_UNIT_BYTES
    padded = folder / "flash.mp4"
    padded.write_bytes(clip.read_bytes() + size.to_bytes(4, "big") + b"free" + bytes(size - 8))
    return padded
