"""Uploads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from framelane import _upload
from framelane._async._resource import AsyncResource
from framelane._call import Call, given
from framelane._generated import UploadOut


class AsyncUploads(AsyncResource):
    """Your files: `client.uploads`."""

    async def create(
        self,
        *,
        content_type: str,
        filename: str | None = None,
        duration: float | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> UploadOut:
        """Ask for an address to upload a file to. `upload` does this and sends the file too."""
        return await self._call(self._opening(content_type, filename, duration, width, height))

    async def upload(
        self,
        source: _upload.Source,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        on_progress: Callable[[int, int | None], Any] | None = None,
        chunk_bytes: int = _upload.CHUNK_BYTES,
    ) -> UploadOut:
        """Upload a file; `source_url` of the answer is what scenes and tasks use.

        `source` is a path, bytes, or a binary stream of any length, which need not be able to go back. The type follows
        from the name unless `content_type` is given. An upload that breaks goes on where it broke. `chunk_bytes` is how
        much is sent, and held in memory, at once: a multiple of 256 KiB. `on_progress` is called with the bytes that
        have been received, and how many there are in all (None while a stream's end is not known).
        """
        named = _upload.named(source, filename, content_type)
        call = self._opening(named.content_type, named.filename, None, None, None)
        return await self._run(_upload.upload(self._settings, call, source, chunk_bytes, on_progress))

    def _opening(
        self, content_type: str, filename: str | None, duration: float | None, width: int | None, height: int | None
    ) -> Call[UploadOut]:
        body = given(content_type=content_type, filename=filename, duration=duration, width=width, height=height)
        # An address that is never used vanishes again: nothing is lost when two are made.
        return Call("POST", "/v1/uploads", UploadOut, body=body, repeatable=True)
