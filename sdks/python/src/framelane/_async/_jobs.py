"""What renders and tasks have in common."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framelane import _download, _waiting
from framelane._async._resource import AsyncResource
from framelane._call import Call, Reference, at
from framelane._generated import JobOut
from framelane._wire import Flow


class AsyncJobs(AsyncResource):
    """Jobs below one path."""

    _path: str

    async def get(self, id: Reference, *, wait_s: float | None = None) -> JobOut:
        """Read a job. With `wait_s` (0 to 25) the answer comes when the job has ended, or after so many seconds."""
        return await self._call(_waiting.long_poll(self._reading(id), wait_s))

    async def cancel(self, id: Reference) -> JobOut:
        """Cancel a job. One that is being processed stops within seconds: `wait` tells when.

        Raises Conflict when it has ended already.
        """
        return await self._run(_waiting.cancelled(self._settings, self._reading(id)))

    async def wait(
        self,
        id: Reference,
        *,
        on_progress: Callable[[JobOut], Any] | None = None,
        timeout_s: float | None = None,
    ) -> JobOut:
        """Follow a job to its end and return it completed.

        `on_progress` is called with the job whenever its status, stage or percentage has changed. Raises JobFailed,
        JobCancelled, and WaitTimedOut when `timeout_s` is given and over (the job goes on).
        """
        return await self._run(self._waiting_for(id, on_progress, timeout_s))

    async def download(
        self,
        job_or_id: Reference,
        path: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], Any] | None = None,
    ) -> Path:
        """Write a completed job's output to `path`, which appears when it is whole; until then there is `path.part`.

        A download that breaks goes on where it broke. `on_progress` is called with the bytes written, and how many
        there are in all. Raises NotReady when the job is not completed, Gone when its output is not kept any longer.
        """
        call: Call[None] = Call("GET", at(self._path + "/{}/download", job_or_id))
        return await self._run(_download.to_file(self._settings, call, Path(path), on_progress))

    def _reading(self, id: Reference) -> Call[JobOut]:
        return Call("GET", at(self._path + "/{}", id), JobOut)

    def _waiting_for(
        self, id: Reference, on_progress: Callable[[JobOut], Any] | None, timeout_s: float | None
    ) -> Flow[JobOut]:
        return _waiting.job_end(self._settings, self._reading(id), on_progress, timeout_s)
