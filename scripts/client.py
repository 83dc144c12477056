"""A small client of the REST API: upload, render, wait, download. Used by the demo and the end-to-end tests."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx

LONG_POLL_S = 25
TERMINAL = ("completed", "failed", "cancelled")
CHUNK_UNIT_BYTES = 256 * 1024
"""Chunks of a resumable upload are multiples of this, but for the last."""

Job = dict[str, Any]


class ApiError(RuntimeError):
    """An answer that was not expected; the message shows it."""

    def __init__(self, response: httpx.Response) -> None:
        request = response.request
        super().__init__(f"{request.method} {request.url} answered {response.status_code}: {response.text[:1000]}")
        self.status = response.status_code


class Client:
    """One workspace's view of a running platform."""

    def __init__(self, base_url: str, api_key: str) -> None:
        headers = {"Authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=LONG_POLL_S + 30, trust_env=False)
        # Upload and media addresses are signed: they take no key, and it is none of their business.
        self._plain = httpx.Client(timeout=120, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._plain.close()

    @property
    def base_url(self) -> str:
        """Where the platform answers."""
        return str(self._http.base_url)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request with the key; any answer will do."""
        return self._http.request(method, path, **options)

    def call(self, method: str, path: str, *, expect: tuple[int, ...] = (200, 201, 202), **options: Any) -> Any:
        """The JSON of an answer. Raises ApiError for any other status."""
        response = self.send(method, path, **options)
        if response.status_code not in expect:
            raise ApiError(response)
        return response.json() if response.content else None

    def open_upload(self, path: Path) -> dict[str, Any]:
        """Ask for a place to upload a file to: `upload_url`, `source_url`, `expires_at`."""
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content_type = {"audio/x-wav": "audio/wav", "audio/vnd.wave": "audio/wav"}.get(content_type, content_type)
        upload: dict[str, Any] = self.call(
            "POST", "/v1/uploads", json={"content_type": content_type, "filename": path.name}
        )
        return upload

    def upload(self, path: Path, chunk_bytes: int | None = None) -> str:
        """Upload a file in one PUT, or in chunks; returns the URL to use as a source."""
        opened = self.open_upload(path)
        data = path.read_bytes()
        size = chunk_bytes or len(data)
        for start in range(0, len(data), size):
            self.put_chunk(opened["upload_url"], data[start : start + size], start, len(data))
        return str(opened["source_url"])

    def put_chunk(self, upload_url: str, chunk: bytes, start: int, total: int) -> int:
        """Send bytes from offset `start`; returns how many the server has now. Raises ApiError."""
        span = f"bytes {start}-{start + len(chunk) - 1}/{total}"
        response = self._plain.put(upload_url, content=chunk, headers={"Content-Range": span})
        return _received(response, total)

    def received_bytes(self, upload_url: str, total: int) -> int:
        """How many bytes of an interrupted upload have arrived: from there it goes on."""
        response = self._plain.put(upload_url, content=b"", headers={"Content-Range": f"bytes */{total}"})
        return _received(response, total)

    def submit(self, scene: dict[str, Any], idempotency_key: str | None = None) -> Job:
        """POST a scene; returns the job."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        job: Job = self.call("POST", "/v1/renders", json=scene, headers=headers)
        return job

    def get(self, job_id: str, wait_s: float = 0) -> Job:
        job: Job = self.call("GET", f"/v1/renders/{job_id}", params={"wait": wait_s} if wait_s else {})
        return job

    def wait(self, job_id: str, on_progress: Callable[[Job], None] = lambda job: None, poll_s: float = 25) -> Job:
        """Follow a job to its end by long polls of `poll_s` seconds, showing every answer to `on_progress`."""
        while True:
            job = self.get(job_id, wait_s=poll_s)
            on_progress(job)
            if job["status"] in TERMINAL:
                return job

    def download(self, job_id: str, path: Path) -> Path:
        """Write a completed job's film to `path`, following the redirect to its signed address."""
        response = self.send("GET", f"/v1/renders/{job_id}/download")
        if response.status_code != 302:
            raise ApiError(response)
        with self._plain.stream("GET", response.headers["Location"]) as film, path.open("wb") as file:
            if film.status_code != 200:
                film.read()
                raise ApiError(film)
            for block in film.iter_bytes():
                file.write(block)
        return path


def _received(response: httpx.Response, total: int) -> int:
    if response.status_code in (200, 201):
        return total
    if response.status_code != 308:
        raise ApiError(response)
    last = response.headers.get("Range", "").rpartition("-")[2]
    return int(last) + 1 if last else 0
