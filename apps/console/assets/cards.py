"""What the templates draw of assets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from apps.previews.selectors import PreviewLinks, previews_of
from apps.uploads.models import Asset, Kind, Status
from apps.workspaces.models import Workspace
from framelane.lib import clock
from framelane.lib.storage import get_links

PREVIEW_PATIENCE: Final = timedelta(minutes=1)
"""How long after its file has come a page goes on looking for the preview of an asset."""

ICONS: Final = {Kind.VIDEO: "film", Kind.AUDIO: "sound", Kind.IMAGE: "image", Kind.FONT: "font"}
STATUS_TEXTS: Final = {Status.PENDING: "uploading", Status.PROCESSING: "examining"}


@dataclass(frozen=True, slots=True)
class Card:
    """An asset with its preview, where it has one."""

    asset: Asset
    preview: PreviewLinks | None

    @property
    def name(self) -> str:
        return self.asset.filename or f"Unnamed {self.asset.kind}"

    @property
    def icon(self) -> str:
        return ICONS[Kind(self.asset.kind)]

    @property
    def source_url(self) -> str:
        return get_links().stable(self.asset.key)

    @property
    def status_text(self) -> str:
        return STATUS_TEXTS.get(Status(self.asset.status), self.asset.status)

    @property
    def picture_url(self) -> str:
        """The poster, or for sound the waveform."""
        return (self.preview.poster_url or self.preview.waveform_url) if self.preview else ""

    @property
    def strip_url(self) -> str:
        return self.preview.strip_url if self.preview else ""

    @property
    def is_live(self) -> bool:
        """Whether it may look different in a moment."""
        asset, now = self.asset, clock.now()
        if asset.status == Status.PENDING:
            return asset.expires_at > now
        is_new = asset.received_at is not None and asset.received_at > now - PREVIEW_PATIENCE
        return asset.status == Status.PROCESSING or (asset.status == Status.READY and not self.preview and is_new)


def cards_of(workspace: Workspace, assets: Iterable[Asset]) -> list[Card]:
    """One card for each, in the same order, with one query."""
    found = list(assets)
    previews = previews_of(workspace, [asset.id for asset in found])
    return [Card(asset, previews.get(asset.id)) for asset in found]
