"""Renders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from framelane._async._jobs import AsyncJobs
from framelane._async._resource import AsyncPages
from framelane._call import Call, creating
from framelane._generated import JobOut, RenderValidation
from framelane._scenes import Scene, body_of


class AsyncRenders(AsyncJobs):
    """Films made from scenes: `client.renders`."""

    _path = "/v1/renders"

    async def create(self, scene: Scene, *, idempotency_key: str | None = None) -> JobOut:
        """Submit a scene (a dict, a `RenderRequest` or a `Timeline`); returns the job at once.

        A request that is sent again makes no second job. That holds for retries by itself, and for calls of yours that
        give the same `idempotency_key` within 24 hours.
        """
        return await self._call(creating(self._path, JobOut, body_of(scene), idempotency_key))

    async def create_and_wait(
        self,
        scene: Scene,
        *,
        on_progress: Callable[[JobOut], Any] | None = None,
        timeout_s: float | None = None,
        idempotency_key: str | None = None,
    ) -> JobOut:
        """Submit a scene and follow the job to its end: `create` and `wait` in one."""
        job = await self.create(scene, idempotency_key=idempotency_key)
        return await self.wait(job, on_progress=on_progress, timeout_s=timeout_s)

    async def validate(self, scene: Scene) -> RenderValidation:
        """Ask whether a scene would be accepted, without making anything. `details.warnings` names what is ignored.

        Raises ValidationFailed and whatever else `create` would.
        """
        return await self._call(
            Call("POST", self._path + "/validate", RenderValidation, body=body_of(scene), repeatable=True)
        )

    def list(self, *, status: str | None = None, limit: int | None = None) -> AsyncPages[JobOut]:
        """All renders, newest first, or those of one status. `limit` (1 to 200) is the size of the pages fetched."""
        return self._list(self._path, JobOut, limit, status=status)
