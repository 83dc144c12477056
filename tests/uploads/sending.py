"""A client that knows an upload's URL and the resumable protocol of Google Cloud Storage, and nothing else.

https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

import socket
from urllib.parse import urlsplit

import httpx

TIMEOUT_S = 120
# One client, for the seconds that its certificates take, but a connection for every request.
_client = httpx.Client(timeout=TIMEOUT_S, limits=httpx.Limits(max_keepalive_connections=0))


class Sender:
    """Sends one file. `content` is the whole of it."""

    def __init__(self, upload_url: str, content: bytes) -> None:
        self.url = upload_url
        self.content = content

    @property
    def size_bytes(self) -> int:
        return len(self.content)

    def put(self, content: bytes = b"", content_range: str | None = None, **headers: str) -> httpx.Response:
        if content_range is not None:
            headers["Content-Range"] = content_range
        return _client.put(self.url, content=content, headers=headers)

    def at_once(self, **headers: str) -> httpx.Response:
        """The whole file with one PUT."""
        return self.put(self.content, **headers)

    def piece(self, start: int, end: int, total: int | None = None) -> httpx.Response:
        """The bytes from `start` to `end` (exclusive); without a `total` it is not told."""
        known = "*" if total is None else total
        return self.put(self.content[start:end], f"bytes {start}-{end - 1}/{known}")

    def held(self) -> int | None:
        """How many bytes the other side says that it holds; None when it has them all."""
        answer = self.put(content_range=f"bytes */{self.size_bytes}")
        if answer.status_code == 200:
            return None
        assert answer.status_code == 308, answer.content
        return held_by(answer)

    def resume(self) -> httpx.Response:
        """Ask where to go on, and send the rest from there."""
        held = self.held()
        return self.put() if held is None else self.piece(held, self.size_bytes, self.size_bytes)

    def break_off(self, start: int, sent: int) -> None:
        """Announce all from `start` on, send so many bytes of it, and hang up."""
        rest, parts = self.content[start:], urlsplit(self.url)
        lines = [
            f"PUT {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Content-Length: {len(rest)}",
            f"Content-Range: bytes {start}-{self.size_bytes - 1}/{self.size_bytes}",
            "Connection: close",
        ]
        with socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + rest[:sent])
            connection.shutdown(socket.SHUT_WR)
            # Whatever is answered, a client that has lost its connection does not hear it.
            while connection.recv(65536):
                pass


def held_by(answer: httpx.Response) -> int:
    """The bytes that a 308 says are kept; it names no range while there are none."""
    held = answer.headers.get("Range")
    return int(held.removeprefix("bytes=0-")) + 1 if held else 0
