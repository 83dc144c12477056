"""A clip with speech becomes a film that shows every word as it is said: upload, transcribe, render.

    python -m examples.captioned_from_speech CLIP FILM --api http://127.0.0.1:8000 --key fl_live_… [--style box]

Needs a running platform on which transcribe is enabled. The transcript and its subtitles are written beside the film.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from scripts.client import TERMINAL, Client


class JobEndedBadly(RuntimeError):
    """A job has failed or was cancelled; the message says why."""


def transcript_of(client: Client, source_url: str, **options: Any) -> dict[str, Any]:
    """Transcribe a source and wait; the finished job, whose output names the transcript and its subtitles."""
    job = client.call("POST", "/v1/tasks/transcribe", json={"source_url": source_url, **options})
    while job["status"] not in TERMINAL:
        job = client.call("GET", f"/v1/tasks/{job['id']}", params={"wait": 25})
    return finished(job)


def captioned(source_url: str, transcript: dict[str, Any], style: str) -> dict[str, Any]:
    """A render request: the clip, and over it the transcript's captions as they came, but for their style."""
    captions = [
        {**caption, "word_animation": {**caption["word_animation"], "style": style}}
        for caption in transcript["captions"]
    ]
    return {"width": 1280, "height": 720, "elements": [{"type": "video", "source_url": source_url}, *captions]}


def finished(job: dict[str, Any]) -> dict[str, Any]:
    """A completed job. Raises JobEndedBadly for any other."""
    if job["status"] != "completed":
        raise JobEndedBadly(f"{job['id']} is {job['status']}: {job['error']}")
    return job


def fetch(url: str, path: Path) -> Path:
    """Write what a signed address holds to a file."""
    response = httpx.get(url, timeout=60, trust_env=False)
    response.raise_for_status()
    path.write_bytes(response.content)
    return path


def make_film(client: Client, clip: Path, film: Path, style: str = "color") -> Path:
    """The whole way from a clip to a captioned film. Raises JobEndedBadly, ApiError."""
    source_url = client.upload(clip)
    output = transcript_of(client, source_url)["output"]
    transcript = fetch(output["url"], film.with_suffix(".json"))
    for name, url in output["subtitles"].items():
        fetch(url, film.with_suffix(f".{name}"))
    job = client.submit(captioned(source_url, json.loads(transcript.read_text("utf-8")), style))
    return client.download(finished(client.wait(job["id"]))["id"], film)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Put the words of a clip into its picture.")
    parser.add_argument("clip", type=Path, help="a video with speech: mp4, mov or webm")
    parser.add_argument("film", type=Path, help="the file to write, an mp4")
    parser.add_argument("--api", default="http://127.0.0.1:8000", help="where the platform answers")
    parser.add_argument("--key", required=True, help="an API key of the workspace to work in")
    parser.add_argument("--style", default="color", help="one of the word animations that capabilities lists")
    arguments = parser.parse_args(argv)
    with Client(arguments.api, arguments.key) as client:
        print(make_film(client, arguments.clip, arguments.film, arguments.style))
    return 0


if __name__ == "__main__":
    sys.exit(main())
