"""What previews have to do with the store."""

from collections.abc import Iterator

from apps.previews import services
from apps.previews.models import Preview
from apps.uploads.holders import Garbage, Holder, Named
from apps.uploads.models import Asset


def named(workspace_id: str) -> Iterator[Named]:
    """The folders of previews. Their pictures may be missing: they can be made again."""
    previews = Preview.objects.filter(workspace_id=workspace_id)
    for subject_id in previews.values_list("subject_id", flat=True).iterator():
        yield Named(services.folder_of(workspace_id, subject_id), subject_id)


def user_of(workspace_id: str, key: str, asset: Asset | None) -> None:
    """A source that goes before its preview is made simply has none."""


def garbage() -> Iterator[Garbage]:
    """Nothing: a preview lives exactly as long as its subject."""
    yield from ()


HOLDER = Holder(named=named, user_of=user_of, garbage=garbage, forget=services.forget)
