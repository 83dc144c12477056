"""Contract models of renders and tasks as clients read them. What clients send belongs to the timeline."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from apps.jobs.models import Job, Status
from framelane.api.pagination import Page, PageQuery
from framelane.api.schema import DescribedEnum, example
from gpu_tasks.timeline import lint
from gpu_tasks.timeline.catalogue import limit

_EXAMPLE_ID = "render_01J8QR2K5VKDGN2T4FBM3CZYX7"
_EXAMPLE_WORKSPACE_ID = "ws_01J8QR2K5VKDGN2T4FBM3CZYX8"


class JobKind(DescribedEnum):
    RENDER = "render"
    TASK = "task"


class TaskType(DescribedEnum):
    """The operations on a single media file."""

    REMOVE_BACKGROUND = "remove_background", "Cuts people out of a video or an image."
    GAZE_REDIRECT = "gaze_redirect", "Turns the eyes of a face towards the camera."
    SUPER_RESOLUTION = "super_resolution", "Enlarges a video or an image up to four times."
    TRANSCRIBE = "transcribe", "Turns speech into text in which every word has its times."


class JobStatus(DescribedEnum):
    INGESTING = "ingesting", "Sources are being copied into the store."
    QUEUED = "queued", "Accepted; waits for a worker, or for an upload that it uses."
    PROCESSING = "processing", "A worker is at it."
    COMPLETED = "completed", "Done; `output` says where the file is."
    FAILED = "failed", "Ended without a result; `error` says why."
    CANCELLED = "cancelled", "Ended because a client asked for it."


class ProgressStage(DescribedEnum):
    DOWNLOADING = "downloading", "Sources are fetched."
    COMPOSITING = "compositing", "Frames are put together."
    ENCODING = "encoding", "Frames and sound are compressed."
    UPLOADING = "uploading", "The file is put into the store."


class ErrorCode(DescribedEnum):
    """Why a job failed."""

    INVALID_SOURCE = "invalid_source", "A source could not be fetched, or is not what its place asks for."
    SOURCE_NOT_FOUND = "source_not_found", "There is nothing at a source's address."
    SOURCE_TOO_LARGE = "source_too_large", "A source is larger than the limit."
    ASSET_NOT_READY = "asset_not_ready", "An upload that the job uses failed or never came."
    CODEC_UNSUPPORTED = "codec_unsupported", "A source uses a codec that cannot be decoded here."
    DECODE_FAILED = "decode_failed", "A source is damaged."
    ENCODE_FAILED = "encode_failed", "The output could not be written in the wanted form."
    TIMEOUT = "timeout", "The job took longer than allowed."
    OUT_OF_MEMORY = "out_of_memory", "The job needed more memory than allowed."
    GPU_ERROR = "gpu_error", "The accelerator failed."
    UPLOAD_FAILED = "upload_failed", "The output could not be put into the store."
    PROVIDER_ERROR = "provider_error", "A service that the job depends on failed."
    INGEST_FAILED = "ingest_failed", "A source could not be copied into the store."
    INTERNAL = "internal", "The fault is ours."
    CANCELLED = "cancelled", "The job was cancelled."


class ViolationSeverity(DescribedEnum):
    ERROR = "error", "The request is refused."
    WARNING = "warning", "The request is accepted; it may not do what was meant."


class Subtitles(BaseModel):
    """Signed addresses of a transcript as subtitles; they work as long as that of the output."""

    srt: str = Field(description="SubRip.")
    vtt: str = Field(description="WebVTT.")


class JobOutput(BaseModel):
    url: str | None = Field(
        None,
        description="Signed address of the file; works for a while, so read the job again for a new one.",
        json_schema_extra=example("https://media.example.com/media/ws_01J.../output.mp4?signature=..."),
    )
    width: int | None = Field(None, description="Pixels.", json_schema_extra=example(1920))
    height: int | None = Field(None, description="Pixels.", json_schema_extra=example(1080))
    duration: float | None = Field(None, description="Seconds.", json_schema_extra=example(15.3))
    size_bytes: int | None = Field(None, description="Size of the file.", json_schema_extra=example(12_582_912))
    subtitles: Subtitles | None = Field(None, description="Of a transcript, whose own file is the JSON at `url`.")


class JobError(BaseModel):
    code: ErrorCode = Field(description="Decide by this.", json_schema_extra=example("invalid_source"))
    message: str = Field(
        description="The source and the cause, for people.",
        json_schema_extra=example("https://cdn.example.com/clip.mp4 answered 404."),
    )


class JobWarning(BaseModel):
    """Something that a job did not do quite as asked."""

    code: str = Field(json_schema_extra=example("FONT_FALLBACK"))
    message: str
    path: str | None = Field(None, description="JSON pointer into the request.")


class JobOut(BaseModel):
    """A render or a task."""

    id: str = Field(description="Begins with `render_` or `task_`.", json_schema_extra=example(_EXAMPLE_ID))
    kind: JobKind = Field(description="Which of the two it is.", json_schema_extra=example("render"))
    task_type: TaskType | None = Field(
        None, description="The operation of a task; null for renders.", json_schema_extra=example("transcribe")
    )
    workspace_id: str = Field(description="Whose job it is.", json_schema_extra=example(_EXAMPLE_WORKSPACE_ID))
    status: JobStatus = Field(
        description="`ingesting` where sources are copied first, `queued`, then `processing`, then one of `completed`, "
        "`failed`, `cancelled`, which stays.",
        json_schema_extra=example("queued"),
    )
    progress_percent: int = Field(0, ge=0, le=100, description="Never falls.", json_schema_extra=example(0))
    progress_stage: ProgressStage | None = Field(
        None, description="What the worker is doing.", json_schema_extra=example("compositing")
    )
    output: JobOutput | None = Field(None, description="Set when the job is `completed` and its file is still kept.")
    error: JobError | None = Field(None, description="Set when the job is `failed`.")
    warnings: list[JobWarning] = Field([], description="What was not done quite as asked.")
    metadata: dict[str, Any] = Field(
        default_factory=dict,
        description="What the client sent, unchanged.",
        json_schema_extra=example({"project_id": "proj_123", "user_ref": "usr_abc"}),
    )
    created_at: datetime = Field(description="When the job was accepted.")
    updated_at: datetime = Field(description="When its status last changed.")
    completed_at: datetime | None = Field(None, description="When it ended.")


class Violation(BaseModel):
    """Something about a request that its author may want to know."""

    code: str = Field(description="Decide by this.", json_schema_extra=example("UNKNOWN_FIELD"))
    message: str = Field(description="For people.", json_schema_extra=example("unknown field 'colour' is ignored"))
    severity: ViolationSeverity = Field(
        description="Here always a warning: errors are refused.", json_schema_extra=example("warning")
    )
    path: str = Field(description="JSON pointer into the request.", json_schema_extra=example("/elements/0/colour"))


class ValidationDetails(BaseModel):
    """What is behind the verdict on a request."""

    warnings: list[Violation] = Field(
        description="Fields that are unknown and ignored (`UNKNOWN_FIELD`), and what is likely a mistake."
    )


class RenderValidation(BaseModel):
    """A request that would be accepted."""

    valid: Literal[True] = Field(description="Always true: what would be refused is answered by the same error.")
    details: ValidationDetails = Field(description="What there is to say about the request.")


class JobPage(Page[JobOut]):
    """One page of jobs, newest first."""


class RenderListQuery(PageQuery):
    """Query of the list of renders."""

    status: JobStatus | None = None


class TaskListQuery(RenderListQuery):
    """Query of the list of tasks."""

    type: TaskType | None = None


class JobQuery(BaseModel):
    """Query of one job."""

    wait: float = Field(0, ge=0, le=limit("long_poll_seconds"), description="Seconds to wait for the job's end.")


def job_out(job: Job, url: str | None = None, subtitles: Subtitles | None = None) -> JobOut:
    """A job as clients read it, with fresh signed addresses of its output and of what lies beside it."""
    return JobOut(
        id=job.id,
        kind=JobKind(job.kind),
        task_type=TaskType(job.task_type) if job.task_type else None,
        workspace_id=job.workspace_id,
        status=JobStatus(job.status),
        progress_percent=job.progress_percent,
        progress_stage=ProgressStage(job.progress_stage) if job.progress_stage else None,
        output=_output(job, url, subtitles),
        error=JobError(code=ErrorCode(job.error_code), message=job.error_message) if job.error_code else None,
        warnings=_warnings(job),
        metadata=job.metadata,
        created_at=job.created_at,
        updated_at=job.updated_at,
        completed_at=job.completed_at,
    )


def _warnings(job: Job) -> list[JobWarning]:
    warnings = [JobWarning.model_validate(warning) for warning in job.warnings]
    if job.output_gone_at is not None:
        message = f"gone: the output was deleted on {job.output_gone_at:%Y-%m-%d}, when its retention ended"
        warnings.append(JobWarning(code="OUTPUT_GONE", message=message))
    return warnings


def render_validation(warnings: Iterable[lint.Violation]) -> RenderValidation:
    """The answer to a request that would be accepted."""
    return RenderValidation(valid=True, details=ValidationDetails(warnings=[_violation(found) for found in warnings]))


def _violation(found: lint.Violation) -> Violation:
    severity = ViolationSeverity(found.severity)
    return Violation(code=found.code, message=found.message, severity=severity, path=found.path)


def _output(job: Job, url: str | None, subtitles: Subtitles | None) -> JobOutput | None:
    if job.status != Status.COMPLETED:
        return None
    return JobOutput(
        url=None if job.output_gone_at else url,
        width=job.output_width,
        height=job.output_height,
        duration=job.output_duration_s,
        size_bytes=job.output_bytes,
        subtitles=subtitles,
    )
