"""Tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from framelane import _download
from framelane._async._jobs import AsyncJobs
from framelane._async._resource import AsyncPages
from framelane._call import Call, Reference, at, creating, given
from framelane._generated import JobOut
from framelane.transcripts import Transcript


class AsyncTasks(AsyncJobs):
    """Operations on one file: `client.tasks`."""

    _path = "/v1/tasks"

    async def super_resolution(
        self,
        *,
        source_url: str,
        scale: float | None = None,
        metadata: Mapping[str, str] | None = None,
        webhook_url: str | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> JobOut:
        """Enlarge a video or an image by `scale` (1 to 4, 2 unless given)."""
        told = given(source_url=source_url, scale=scale, metadata=metadata, webhook_url=webhook_url)
        return await self.create("super-resolution", idempotency_key=idempotency_key, **told, **fields)

    async def remove_background(
        self,
        *,
        source_url: str,
        output: str | None = None,
        background_color: str | None = None,
        format: str | None = None,
        metadata: Mapping[str, str] | None = None,
        webhook_url: str | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> JobOut:
        """Cut people out. `output` is alpha (unless given), matte, color (with `background_color`) or blur; `format`
        of a video with alpha is webm (unless given) or mov.
        """
        told = given(
            source_url=source_url,
            output=output,
            background_color=background_color,
            format=format,
            metadata=metadata,
            webhook_url=webhook_url,
        )
        return await self.create("remove-background", idempotency_key=idempotency_key, **told, **fields)

    async def gaze_redirect(
        self,
        *,
        source_url: str,
        intensity: float | None = None,
        metadata: Mapping[str, str] | None = None,
        webhook_url: str | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> JobOut:
        """Turn eyes towards the camera, by `intensity` (0 to 1, 1 unless given)."""
        told = given(source_url=source_url, intensity=intensity, metadata=metadata, webhook_url=webhook_url)
        return await self.create("gaze-redirect", idempotency_key=idempotency_key, **told, **fields)

    async def transcribe(
        self,
        *,
        source_url: str,
        language: str | None = None,
        speech_model: str | None = None,
        word_timings: bool | None = None,
        speaker_labels: bool | None = None,
        speakers_expected: int | None = None,
        sentiment_analysis: bool | None = None,
        entity_detection: bool | None = None,
        auto_highlights: bool | None = None,
        content_safety: bool | None = None,
        iab_categories: bool | None = None,
        word_boost: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        webhook_url: str | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> JobOut:
        """Write down what is said, every word with its times. `transcript` reads the result."""
        told = given(
            source_url=source_url,
            language=language,
            speech_model=speech_model,
            word_timings=word_timings,
            speaker_labels=speaker_labels,
            speakers_expected=speakers_expected,
            sentiment_analysis=sentiment_analysis,
            entity_detection=entity_detection,
            auto_highlights=auto_highlights,
            content_safety=content_safety,
            iab_categories=iab_categories,
            word_boost=word_boost,
            metadata=metadata,
            webhook_url=webhook_url,
        )
        return await self.create("transcribe", idempotency_key=idempotency_key, **told, **fields)

    async def create(self, type: str, *, idempotency_key: str | None = None, **fields: Any) -> JobOut:
        """Submit a task by its type, as in `super-resolution`; returns the job at once. `fields` are those of its body.

        A request that is sent again makes no second job, as with renders.
        """
        path = at(self._path + "/{}", type.replace("_", "-"))
        return await self._call(creating(path, JobOut, fields, idempotency_key))

    async def create_and_wait(
        self,
        type: str,
        *,
        on_progress: Callable[[JobOut], Any] | None = None,
        timeout_s: float | None = None,
        idempotency_key: str | None = None,
        **fields: Any,
    ) -> JobOut:
        """Submit a task by its type and follow the job to its end: `create` and `wait` in one."""
        job = await self.create(type, idempotency_key=idempotency_key, **fields)
        return await self.wait(job, on_progress=on_progress, timeout_s=timeout_s)

    def list(
        self, *, type: str | None = None, status: str | None = None, limit: int | None = None
    ) -> AsyncPages[JobOut]:
        """All tasks, newest first, or those of one type or status. `limit` (1 to 200) is the size of the pages."""
        wanted = type.replace("-", "_") if type else None
        return self._list(self._path, JobOut, limit, type=wanted, status=status)

    async def transcript(self, job_or_id: Reference) -> Transcript:
        """The result of a completed `transcribe`. Raises NotReady when it is not completed."""
        call: Call[None] = Call("GET", at(self._path + "/{}/download", job_or_id))
        return Transcript.read(await self._run(_download.to_memory(self._settings, call)))
