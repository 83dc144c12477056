"""Reads of previews, as addresses that a page can show."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.previews.models import Preview, Status
from apps.workspaces.models import Workspace
from framelane.lib.storage import get_store

LINK_LIFETIME_S = 3600


@dataclass(frozen=True, slots=True)
class PreviewLinks:
    """Signed addresses that work for an hour; "" for a picture that the subject does not have.

    `strip_url` leads to a row of `strip_frames` frames side by side. `width` and `height` are those of the poster.
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
    return get_store().signed_url(key, LINK_LIFETIME_S) if key else ""
