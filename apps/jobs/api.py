"""Endpoints of renders and tasks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.jobs import downloads, selectors
from apps.jobs.models import Job, Kind
from apps.jobs.plans import PlanExceeded
from apps.jobs.schemas import (
    JobOut,
    JobPage,
    JobQuery,
    RenderListQuery,
    RenderValidation,
    TaskListQuery,
    job_out,
    render_validation,
)
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.checking import check_render
from apps.jobs.services.submit import create_render, create_task
from apps.uploads.egress import note_redirect
from framelane.api.errors import ApiError, conflict, gone, not_found, plan_limit, validation_error
from framelane.api.idempotency import idempotent
from framelane.api.pagination import paginate
from framelane.api.schema import (
    IDEMPOTENCY_KEY,
    RATE_LIMITED,
    UNAUTHORIZED,
    answers,
    described,
    path_parameter,
    query_parameters,
)
from framelane.api.views import respond
from gpu_tasks.timeline.lint import InvalidRequest
from gpu_tasks.timeline.request import RenderRequest
from gpu_tasks.timeline.tasks import GazeRedirectBody, RemoveBackgroundBody, SuperResolutionBody, TranscribeBody

View = TypeVar("View", bound=Callable[..., Any])

NOT_FOUND = described("No such job in this workspace.")
SUBMITTED = {
    200: answers(JobOut, "Idempotent replay."),
    202: answers(JobOut),
    401: UNAUTHORIZED,
    422: described("Validation error or unsupported feature."),
    429: RATE_LIMITED,
}
READ = {200: answers(JobOut), 401: UNAUTHORIZED, 404: NOT_FOUND}
LISTED = {200: answers(JobPage), 401: UNAUTHORIZED}
CANCELLED = {**READ, 409: described("The job has already ended.")}
DOWNLOADED = {
    302: described("Redirect to a signed address of the file that works for a while."),
    401: UNAUTHORIZED,
    404: NOT_FOUND,
    409: described("The job is not completed."),
    410: described("The file was deleted after its retention time."),
}


class JobViewSet(KeyViewSet):
    """What renders and tasks have in common."""

    job_kind: Kind

    def find(self, job_id: str) -> Job:
        """A job of the caller's workspace. Raises ApiError 404."""
        job = selectors.find_job(self.workspace, self.job_kind, job_id)
        if job is None:
            raise not_found(f"{self.job_kind.label} not found.")
        return job

    def show(self, job: Job, status: int = 200) -> Response:
        return respond(_as_body(job), status=status)

    def submitted(self, request: Request, create: Callable[[], Job]) -> Response:
        """The job that `create` makes, or the one that it made when the request came for the first time."""
        job, is_replay = idempotent(request, self.workspace.id, create, self.find)
        return self.show(job, status=200 if is_replay else 202)

    def show_page(self, query: RenderListQuery) -> Response:
        task_type = query.type if isinstance(query, TaskListQuery) else None
        jobs = selectors.jobs_of(self.workspace, self.job_kind, status=query.status, task_type=task_type)
        return respond(JobPage.model_validate(paginate(jobs, query, _as_body)))

    def show_one(self, job_id: str) -> Response:
        query = self.query(JobQuery)
        return self.show(selectors.wait_until_terminal(self.find(job_id), query.wait))

    def cancel(self, job_id: str) -> Response:
        try:
            return self.show(cancel(self.find(job_id)))
        except AlreadyEnded as ended:
            raise conflict(str(ended)) from None

    def redirect_to_output(self, job_id: str) -> HttpResponse:
        job = self.find(job_id)
        try:
            url = downloads.download_url(job)
        except downloads.NotReady as reason:
            raise conflict(str(reason), "not_ready") from None
        except downloads.Gone as reason:
            raise gone(str(reason)) from None
        note_redirect(workspace_id=job.workspace_id, size_bytes=job.output_bytes)
        return HttpResponseRedirect(url)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a submission can be refused for into answers."""
    try:
        yield
    except (InvalidRequest, PlanExceeded) as refusal:
        raise _refused(refusal) from None


def _refused(refusal: InvalidRequest | PlanExceeded) -> ApiError:
    if isinstance(refusal, InvalidRequest):
        return validation_error(refusal.problems, refusal.code)
    return plan_limit(str(refusal))


class RenderViewSet(JobViewSet):
    """`/v1/renders`."""

    job_kind = Kind.RENDER
    scope_area = "renders"
    reading_actions = frozenset({"validate"})

    @extend_schema(
        operation_id="create_render",
        tags=["renders"],
        summary="Submit a render",
        parameters=[IDEMPOTENCY_KEY],
        request=RenderRequest,
        responses={
            **SUBMITTED,
            402: described("The plan's minutes are used up."),
            403: described("Above what the plan of the workspace allows."),
            409: described("The Idempotency-Key was used with another body."),
        },
    )
    def create(self, request: Request) -> Response:
        payload = self.payload()

        def create() -> Job:
            with _refusals():
                return create_render(workspace=self.workspace, payload=payload)

        return self.submitted(request, create)

    @extend_schema(
        operation_id="validate_render",
        tags=["renders"],
        summary="Validate a render",
        request=RenderRequest,
        responses={
            200: answers(RenderValidation),
            401: UNAUTHORIZED,
            403: described("Above what the plan of the workspace allows."),
            422: described("Validation error or unsupported feature; `details.warnings` is here, too."),
            429: RATE_LIMITED,
        },
    )
    def validate(self, request: Request) -> Response:
        """Says what creating this render would say, and names fields that would be ignored. Makes nothing and uses no
        minutes: whether any are left is not looked at, nor are the sources. Needs a key that may read renders."""
        verdict = check_render(workspace=self.workspace, payload=self.payload())
        answer = render_validation(verdict.warnings)
        if verdict.refusal is not None:
            error = _refused(verdict.refusal)
            error.details |= answer.details.model_dump(mode="json")
            raise error
        return respond(answer)

    @extend_schema(
        operation_id="list_renders",
        tags=["renders"],
        summary="List renders",
        parameters=query_parameters(RenderListQuery),
        responses=LISTED,
    )
    def list(self, request: Request) -> Response:
        return self.show_page(self.query(RenderListQuery))

    @extend_schema(
        operation_id="get_render",
        tags=["renders"],
        summary="Get a render",
        parameters=[path_parameter("render_id"), *query_parameters(JobQuery)],
        responses=READ,
    )
    def retrieve(self, request: Request, render_id: str) -> Response:
        return self.show_one(render_id)

    @extend_schema(
        operation_id="cancel_render",
        tags=["renders"],
        summary="Cancel a render",
        parameters=[path_parameter("render_id")],
        responses=CANCELLED,
    )
    def destroy(self, request: Request, render_id: str) -> Response:
        return self.cancel(render_id)

    @extend_schema(
        operation_id="download_render",
        tags=["renders"],
        summary="Download the film",
        parameters=[path_parameter("render_id")],
        responses=DOWNLOADED,
    )
    def download(self, request: Request, render_id: str) -> HttpResponse:
        return self.redirect_to_output(render_id)


def _task_schema(name: str, summary: str, body: type[BaseModel]) -> Callable[[View], View]:
    decorator: Callable[[View], View] = extend_schema(
        operation_id=f"create_{name}",
        tags=["tasks"],
        summary=summary,
        parameters=[IDEMPOTENCY_KEY],
        request=body,
        responses=SUBMITTED,
    )
    return decorator


class TaskViewSet(JobViewSet):
    """`/v1/tasks`."""

    job_kind = Kind.TASK
    scope_area = "tasks"

    def _submit(self, request: Request, task_type: str) -> Response:
        payload = self.payload()

        def create() -> Job:
            with _refusals():
                return create_task(workspace=self.workspace, task_type=task_type, payload=payload)

        return self.submitted(request, create)

    @_task_schema("super_resolution", "Super Resolution task", SuperResolutionBody)
    def super_resolution(self, request: Request) -> Response:
        """Enlarges a video or image; its sound, frames, colours and transparency are kept."""
        return self._submit(request, "super_resolution")

    @_task_schema("gaze_redirect", "Gaze Redirect task", GazeRedirectBody)
    def gaze_redirect(self, request: Request) -> Response:
        """Turns eyes towards the camera; frames without a usable face pass through as they are."""
        return self._submit(request, "gaze_redirect")

    @_task_schema("remove_background", "Remove Background task", RemoveBackgroundBody)
    def remove_background(self, request: Request) -> Response:
        """Cuts people out: a transparent video is WebM unless `format` says mov, a transparent image is PNG."""
        return self._submit(request, "remove_background")

    @_task_schema("transcribe", "Transcribe task", TranscribeBody)
    def transcribe(self, request: Request) -> Response:
        """Writes speech down, as JSON with times in milliseconds; `output.subtitles` has it as SRT and WebVTT."""
        return self._submit(request, "transcribe")

    @extend_schema(
        operation_id="list_tasks",
        tags=["tasks"],
        summary="List tasks",
        parameters=query_parameters(TaskListQuery),
        responses=LISTED,
    )
    def list(self, request: Request) -> Response:
        return self.show_page(self.query(TaskListQuery))

    @extend_schema(
        operation_id="get_task",
        tags=["tasks"],
        summary="Get a task",
        parameters=[path_parameter("task_id"), *query_parameters(JobQuery)],
        responses=READ,
    )
    def retrieve(self, request: Request, task_id: str) -> Response:
        return self.show_one(task_id)

    @extend_schema(
        operation_id="cancel_task",
        tags=["tasks"],
        summary="Cancel a task",
        parameters=[path_parameter("task_id")],
        responses=CANCELLED,
    )
    def destroy(self, request: Request, task_id: str) -> Response:
        return self.cancel(task_id)

    @extend_schema(
        operation_id="download_task",
        tags=["tasks"],
        summary="Download the result",
        parameters=[path_parameter("task_id")],
        responses=DOWNLOADED,
    )
    def download(self, request: Request, task_id: str) -> HttpResponse:
        return self.redirect_to_output(task_id)


def _as_body(job: Job) -> JobOut:
    return job_out(job, downloads.output_url(job), downloads.subtitles(job))
