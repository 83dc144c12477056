"""Files to upload, and how to send them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np
from django.test import Client

from apps.uploads.models import Asset
from tests.people import Person

MP4_HEAD = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2"


def mp4_like(size_bytes: int) -> bytes:
    """Bytes that begin like an MP4 file, each of the rest telling where it stands."""
    body = bytes(position % 251 for position in range(size_bytes))
    return (MP4_HEAD + body[len(MP4_HEAD) :])[:size_bytes]


def film(path: Path, frames: int = 5) -> bytes:
    """A real MP4 file of 64 × 48 at 25 frames a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            picture = np.full((48, 64, 3), number * 20, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


class Upload:
    """An upload of somebody, and a sender that knows nothing but its URL."""

    def __init__(self, person: Person, content_type: str = "video/mp4", **extra: Any) -> None:
        headers = extra.pop("headers", {})
        answer = person.post("/v1/uploads", {"content_type": content_type, **extra}, headers=headers)
        assert answer.status_code == 201, answer.content
        self.source_url: str = answer.json()["source_url"]
        self.path = urlsplit(answer.json()["upload_url"]).path
        self.asset = Asset.objects.get(workspace=person.workspace, key=self.source_url.partition("/media/")[2])
        self.client = Client()

    def put(self, content: bytes = b"", content_range: str | None = None, **headers: str) -> Any:
        if content_range is not None:
            headers["Content-Range"] = content_range
        return self.client.generic("PUT", self.path, content, "application/octet-stream", headers=headers)

    def piece(self, content: bytes, start: int, end: int, total: int | None = None) -> Any:
        """Send `content[start:end]`; without a `total` it is not told."""
        return self.put(content[start:end], f"bytes {start}-{end - 1}/{'*' if total is None else total}")

    def offset(self) -> int:
        """What the server says that it holds."""
        answer = self.put(content_range="bytes */*")
        assert answer.status_code == 308, answer.content
        held = answer.headers.get("Range")
        return int(held.removeprefix("bytes=0-")) + 1 if held else 0

    def reload(self) -> Asset:
        self.asset.refresh_from_db()
        return self.asset
