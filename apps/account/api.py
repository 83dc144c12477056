"""`/v1/workspace` and its usage."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.account import selectors
from apps.account.erasure import request_erasure
from apps.account.schemas import ErasureOut, UsageOut, UsageQuery, WorkspaceDeletion, WorkspaceUpdate
from apps.api_keys.views import KeyViewSet
from apps.workspaces.schemas import WorkspaceOut
from apps.workspaces.services import rename_workspace
from framelane.api.errors import validation_error
from framelane.api.schema import UNAUTHORIZED, answers, described, query_parameters
from framelane.api.views import respond
from gpu_tasks.timeline.problems import Problem

INVALID = described("Validation error.")


class WorkspaceViewSet(KeyViewSet):
    """The workspace that the key belongs to."""

    scope_area = "workspace"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Whoever has just signed up may see that the address is still to be verified.
        self.needs_verified_email = request.method not in ("GET", "HEAD")
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="get_workspace",
        tags=["workspace"],
        summary="Get the workspace",
        description="Also before its e-mail address is verified.",
        responses={200: answers(WorkspaceOut), 401: UNAUTHORIZED},
    )
    def retrieve(self, request: Request) -> Response:
        return respond(WorkspaceOut.of(self.workspace))

    @extend_schema(
        operation_id="update_workspace",
        tags=["workspace"],
        summary="Rename the workspace",
        request=WorkspaceUpdate,
        responses={200: answers(WorkspaceOut), 401: UNAUTHORIZED, 422: INVALID},
    )
    def partial_update(self, request: Request) -> Response:
        body = self.body(WorkspaceUpdate)
        return respond(WorkspaceOut.of(rename_workspace(workspace=self.workspace, name=body.name)))

    @extend_schema(
        operation_id="delete_workspace",
        tags=["workspace"],
        summary="Delete the workspace",
        description="Deletes the workspace with its jobs, media, keys and everything else, for good. All its keys stop "
        "working with the answer, running jobs are cancelled and webhooks fall silent; the deletion itself follows "
        "within minutes.",
        request=WorkspaceDeletion,
        responses={
            202: answers(ErasureOut, "The deletion has begun."),
            401: UNAUTHORIZED,
            422: described("`confirm` is not the id of this workspace."),
        },
    )
    def destroy(self, request: Request) -> Response:
        confirm = self.body(WorkspaceDeletion).confirm
        if confirm != self.workspace.id:
            message = f"confirm is {confirm!r}; accepted is the id of this workspace."
            raise validation_error([Problem("/confirm", "value_error", message)])
        erasure = request_erasure(workspace=self.workspace)
        return respond(ErasureOut(workspace_id=erasure.workspace_id, requested_at=erasure.requested_at), status=202)


class UsageViewSet(KeyViewSet):
    """What the workspace has used."""

    scope_area = "workspace"

    @extend_schema(
        operation_id="get_usage",
        tags=["workspace"],
        summary="Get usage",
        description="Failed and cancelled jobs cost nothing.",
        parameters=query_parameters(UsageQuery),
        responses={200: answers(UsageOut), 401: UNAUTHORIZED},
    )
    def retrieve(self, request: Request) -> Response:
        return respond(selectors.usage_of(self.workspace, self.query(UsageQuery).period))
