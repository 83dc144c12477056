"""`/v1/imports`."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.billing.quota import require_writable
from apps.uploads.imports import selectors
from apps.uploads.imports.lifecycle import create_import
from apps.uploads.imports.schemas import ImportOut, ImportPage, ImportRequest
from apps.uploads.models import Import
from framelane.api.errors import not_found
from framelane.api.idempotency import idempotent
from framelane.api.pagination import PageQuery, paginate
from framelane.api.schema import IDEMPOTENCY_KEY, UNAUTHORIZED, answers, described, path_parameter, query_parameters
from framelane.api.views import respond


class ImportViewSet(KeyViewSet):
    scope_area = "uploads"

    @extend_schema(
        operation_id="create_import",
        tags=["imports"],
        summary="Import a file from the web",
        description="Fetches the file in the background: read the import again, or wait for `asset.ready` or "
        "`asset.failed`. The same bytes are stored once per workspace.",
        parameters=[IDEMPOTENCY_KEY],
        request=ImportRequest,
        responses={
            200: answers(ImportOut, "Idempotent replay."),
            202: answers(ImportOut),
            401: UNAUTHORIZED,
            409: described(
                "1,000 imports of the workspace have not ended, or the Idempotency-Key came with another body."
            ),
            422: described("Not an http or https address, or one of this installation's own files."),
        },
    )
    def create(self, request: Request) -> Response:
        wanted = self.body(ImportRequest)

        def create() -> Import:
            require_writable(self.workspace)
            return create_import(workspace=self.workspace, request=wanted)

        begun, is_replay = idempotent(request, self.workspace.id, create, self.find)
        return respond(ImportOut.of(begun), status=200 if is_replay else 202)

    @extend_schema(
        operation_id="list_imports",
        tags=["imports"],
        summary="List imports",
        parameters=query_parameters(PageQuery),
        responses={200: answers(ImportPage), 401: UNAUTHORIZED},
    )
    def list(self, request: Request) -> Response:
        page = paginate(selectors.imports_of(self.workspace), self.query(PageQuery), ImportOut.of)
        return respond(ImportPage.model_validate(page))

    @extend_schema(
        operation_id="get_import",
        tags=["imports"],
        summary="Get an import",
        parameters=[path_parameter("import_id")],
        responses={200: answers(ImportOut), 401: UNAUTHORIZED, 404: described("No such import in this workspace.")},
    )
    def retrieve(self, request: Request, import_id: str) -> Response:
        return respond(ImportOut.of(self.find(import_id)))

    def find(self, import_id: str) -> Import:
        """An import of the caller's workspace. Raises ApiError 404."""
        found = selectors.find_import(self.workspace, import_id)
        if found is None:
            raise not_found("Import not found.")
        return found
