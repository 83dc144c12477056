"""POST /v1/uploads."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.billing.quota import require_writable
from apps.uploads import services
from apps.uploads.schemas import UploadOut, UploadRequest
from apps.uploads.transfer import upload_url
from framelane.api.schema import UNAUTHORIZED, answers, described
from framelane.api.views import respond
from framelane.lib.storage import get_links

MAX_ORIGIN_LENGTH = 255


class UploadViewSet(KeyViewSet):
    scope_area = "uploads"

    @extend_schema(
        operation_id="create_upload",
        tags=["uploads"],
        summary="Request a file upload URL",
        description="Opens an upload. `PUT` the file to `upload_url`, in one go or in chunks, then use `source_url` in "
        "renders and tasks: a job waits until the file has been received and examined. Browsers may send the file "
        "from the origin that asked.",
        request=UploadRequest,
        responses={
            201: answers(UploadOut),
            401: UNAUTHORIZED,
            422: described("Unsupported content_type."),
        },
    )
    def create(self, request: Request) -> Response:
        require_writable(self.workspace)
        body = self.body(UploadRequest)
        origin = request.headers.get("Origin", "")[:MAX_ORIGIN_LENGTH]
        asset = services.create_upload(workspace=self.workspace, request=body, origin=origin)
        out = UploadOut(
            upload_url=upload_url(asset), source_url=get_links().stable(asset.key), expires_at=asset.expires_at
        )
        return respond(out, status=201)
