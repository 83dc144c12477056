"""Files that come in one piece through this product, because their sender knows no resumable protocol."""

import logging
from collections.abc import Iterable
from contextlib import suppress

from apps.uploads import services
from apps.uploads.models import Asset
from apps.uploads.schemas import UploadRequest
from apps.workspaces.models import Workspace
from framelane.api.errors import unavailable
from framelane.lib.storage import StorageError, get_store

log = logging.getLogger(__name__)


def receive_file(*, workspace: Workspace, request: UploadRequest, blocks: Iterable[bytes], size_bytes: int) -> Asset:
    """Store a file of `size_bytes` that comes in `blocks`, as an upload would have; the asset, which is to be examined.

    Raises ApiError as `services.create_upload`, and 503 when the store fails on the way.
    """
    asset = services.create_upload(workspace=workspace, request=request)
    store = get_store()
    try:
        store.append(asset.upload_session, 0, blocks, size_bytes)
        store.finish_upload(asset.upload_session, size_bytes)
        return services.arrive(asset=asset)
    except StorageError:
        log.exception("the store failed while %s was stored", asset.id)
        with suppress(StorageError):
            services.give_up(asset=asset, code="internal", message="The store was not available.")
        raise unavailable("The store is not available right now. Try again in a few seconds.") from None
