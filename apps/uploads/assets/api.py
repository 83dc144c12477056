"""`/v1/workspace/assets`."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.uploads.assets import selectors, services
from apps.uploads.assets.schemas import AssetListQuery, AssetPage
from apps.uploads.models import Asset
from apps.uploads.schemas import AssetOut
from framelane.api.errors import conflict, not_found, unavailable
from framelane.api.pagination import paginate
from framelane.api.schema import UNAUTHORIZED, answers, described, path_parameter, query_parameters
from framelane.api.views import respond
from framelane.lib.storage import StorageError

NOT_FOUND = described("No such asset in this workspace.")
ASSET_ID = path_parameter("asset_id")


class AssetViewSet(KeyViewSet):
    scope_area = "uploads"

    def find(self, asset_id: str) -> Asset:
        """An asset of the caller's workspace. Raises ApiError 404."""
        asset = selectors.find_asset(self.workspace, asset_id)
        if asset is None:
            raise not_found("Asset not found.")
        return asset

    @extend_schema(
        operation_id="list_assets",
        tags=["assets"],
        summary="List assets",
        description="The media that were uploaded, imported or copied into the workspace, newest first.",
        parameters=query_parameters(AssetListQuery),
        responses={200: answers(AssetPage), 401: UNAUTHORIZED},
    )
    def list(self, request: Request) -> Response:
        query = self.query(AssetListQuery)
        assets = selectors.assets_of(self.workspace, kind=query.kind, status=query.status)
        return respond(AssetPage.model_validate(paginate(assets, query, AssetOut.of)))

    @extend_schema(
        operation_id="get_asset",
        tags=["assets"],
        summary="Get an asset",
        parameters=[ASSET_ID],
        responses={200: answers(AssetOut), 401: UNAUTHORIZED, 404: NOT_FOUND},
    )
    def retrieve(self, request: Request, asset_id: str) -> Response:
        return respond(AssetOut.of(self.find(asset_id)))

    @extend_schema(
        operation_id="delete_asset",
        tags=["assets"],
        summary="Delete an asset",
        description="Deletes the asset and its file for good, also one whose bytes are still on their way.",
        parameters=[ASSET_ID],
        responses={
            204: described("Deleted."),
            401: UNAUTHORIZED,
            404: NOT_FOUND,
            409: described("A job that has not ended uses it; the message names the job."),
        },
    )
    def destroy(self, request: Request, asset_id: str) -> HttpResponse:
        asset = self.find(asset_id)
        try:
            services.delete_asset(asset=asset)
        except services.InUse as reason:
            raise conflict(str(reason)) from None
        except StorageError:
            raise unavailable("The store is not available right now. Try again in a few seconds.") from None
        return HttpResponse(status=204)
