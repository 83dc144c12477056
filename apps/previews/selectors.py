"""Reads of previews, as addresses that a page can show."""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from apps.previews.models import Preview, Status
from apps.workspaces.models import Workspace
from framelane.lib import clock
from framelane.lib.storage import get_links, get_store

KEPT_LINKS = 4096


@dataclass(frozen=True, slots=True)
class PreviewLinks:
    """Signed addresses that work for an hour at least; "" for a picture that the subject does not have.

    `strip_url` leads to a row of `strip_frames` frames side by side. `width` and `height` are those of the poster.
    Within an hour of the clock the addresses stay the same, so that browsers find the pictures in their caches.
    """

    poster_url: str
    strip_url: str
    strip_frames: int
    waveform_url: str
    width: int
    height: int


def previews_of(workspace: Workspace, subject_ids: Iterable[str]) -> dict[str, PreviewLinks]:
    """The finished previews among some jobs and assets of a workspace, by their ids, in one query."""
    made = Preview.objects.filter(workspace=workspace, subject_id__in=list(subject_ids), status=Status.MADE)
    return {preview.subject_id: _links(preview) for preview in made}


def preview_of(workspace: Workspace, subject_id: str) -> PreviewLinks | None:
    """The finished preview of a job or an asset of a workspace; None while there is none."""
    return previews_of(workspace, [subject_id]).get(subject_id)


def _links(preview: Preview) -> PreviewLinks:
    return PreviewLinks(
        poster_url=_signed(preview.poster_key),
        strip_url=_signed(preview.strip_key),
        strip_frames=preview.strip_frames,
        waveform_url=_signed(preview.waveform_key),
        width=preview.width or 0,
        height=preview.height or 0,
    )


def _signed(key: str) -> str:
    return _signed_until(_end_of_next_hour(clock.now()), key, settings.STORAGE_URL, get_links()) if key else ""


def _end_of_next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)


@lru_cache(KEPT_LINKS)
def _signed_until(expires_at: datetime, key: str, *store: Hashable) -> str:
    """Remembered, because a bucket's addresses also name the second at which they were signed."""
    return get_store().signed_url(key, math.ceil((expires_at - clock.now()).total_seconds()))
