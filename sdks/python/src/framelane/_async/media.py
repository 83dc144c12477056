"""Imports and assets."""

from __future__ import annotations

from framelane import _waiting
from framelane._async._resource import AsyncPages, AsyncResource
from framelane._call import Call, Reference, at, creating, given
from framelane._generated import AssetOut, ImportOut


class AsyncImports(AsyncResource):
    """Files fetched from elsewhere: `client.imports`."""

    async def create(self, *, url: str, filename: str | None = None, idempotency_key: str | None = None) -> ImportOut:
        """Have a public address, or a share link of Dropbox or Google Drive, copied into storage."""
        body = given(url=url, filename=filename)
        return await self._call(creating("/v1/imports", ImportOut, body, idempotency_key))

    async def get(self, id: Reference) -> ImportOut:
        """Read an import."""
        return await self._call(self._reading(id))

    def list(self, *, limit: int | None = None) -> AsyncPages[ImportOut]:
        """All imports, newest first. `limit` (1 to 200) is the size of the pages fetched."""
        return self._list("/v1/imports", ImportOut, limit)

    async def wait(self, id: Reference, *, timeout_s: float | None = None) -> ImportOut:
        """Follow an import and return it ready. Raises ImportFailed, and WaitTimedOut after `timeout_s`."""
        return await self._run(_waiting.import_end(self._settings, self._reading(id), timeout_s))

    def _reading(self, id: Reference) -> Call[ImportOut]:
        return Call("GET", at("/v1/imports/{}", id), ImportOut)


class AsyncAssets(AsyncResource):
    """The workspace's media: `client.assets`."""

    async def get(self, id: Reference) -> AssetOut:
        """Read an asset."""
        return await self._call(self._reading(id))

    def list(
        self, *, kind: str | None = None, status: str | None = None, limit: int | None = None
    ) -> AsyncPages[AssetOut]:
        """All assets, newest first, or those of one kind or status. `limit` (1 to 200) is the size of the pages."""
        return self._list("/v1/workspace/assets", AssetOut, limit, kind=kind, status=status)

    async def delete(self, id: Reference) -> None:
        """Delete an asset. Raises Conflict while a job uses it."""
        await self._call(Call("DELETE", at("/v1/workspace/assets/{}", id)))

    async def wait(self, id: Reference, *, timeout_s: float | None = None) -> AssetOut:
        """Follow an asset and return it ready. Raises AssetFailed, and WaitTimedOut after `timeout_s`."""
        return await self._run(_waiting.asset_end(self._settings, self._reading(id), timeout_s))

    def _reading(self, id: Reference) -> Call[AssetOut]:
        return Call("GET", at("/v1/workspace/assets/{}", id), AssetOut)
