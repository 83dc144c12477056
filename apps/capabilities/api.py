"""`GET /v1/capabilities`."""

from functools import cache

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.capabilities.schemas import CapabilitiesOut
from apps.capabilities.selectors import capabilities
from framelane.api import documents
from framelane.api.schema import answers, described
from framelane.api.views import ApiViewSet


@cache
def document() -> bytes:
    """The catalogue as it is sent. It cannot change while the process runs."""
    return documents.encoded(capabilities)


class CapabilitiesViewSet(ApiViewSet):
    """Public: a client reads it before it has a key."""

    @extend_schema(
        operation_id="get_capabilities",
        tags=["capabilities"],
        summary="What this installation supports",
        responses={200: answers(CapabilitiesOut), 304: described("The copy named by If-None-Match is current.")},
    )
    def show(self, request: Request) -> HttpResponseBase:
        """Lists every feature with its range, and says which ones this version supports."""
        return documents.serve(request._request, document())
