"""Files of a job on their way: sources into its scratch folder, what it made into the store."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from apps.jobs.selectors import asset_of_source
from apps.jobs.services.attempts import Claim
from apps.uploads.samples import sample_at
from apps.uploads.selectors import is_own_url, key_of_source
from framelane.lib.storage import ObjectNotFound, StorageError, get_store
from framelane.lib.storage.content_types import content_type_of
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.foreign import fetch_foreign


def fetch(claim: Claim, should_stop: Callable[[], bool], url: str, path: Path) -> None:
    """Write a source to `path`: samples from beside the code, own files and copies from the store, others from the net.

    Raises JobFailed, Stopped.
    """
    if (sample := sample_at(url)) is not None:
        shutil.copyfile(sample, path)
        return
    asset = asset_of_source(claim, url)
    key = asset.key if asset is not None else key_of_source(claim.workspace, url)
    if key is None and not is_own_url(url):
        max_bytes, timeout_s = settings.FRAMELANE_SOURCE_MAX_BYTES, settings.FRAMELANE_FETCH_TIMEOUT_S
        fetch_foreign(url, path, max_bytes, timeout_s, allow=settings.FRAMELANE_NET_ALLOW, should_stop=should_stop)
        return
    try:
        # Of another workspace's files nobody learns whether they exist.
        if key is None:
            raise ObjectNotFound(url)
        get_store().fetch(key, path)
    except ObjectNotFound:
        raise JobFailed("source_not_found", f"{url} does not exist.") from None
    except StorageError as error:
        raise JobFailed("internal", f"{url} could not be read from the store.") from error


def put(claim: Claim, files: Sequence[Path]) -> list[str]:
    """Store files in the attempt's folder; their keys. Raises JobFailed, and then nothing is left there."""
    keys = [claim.folder + path.name for path in files]
    try:
        for key, path in zip(keys, files, strict=True):
            get_store().put_file(key, path, content_type_of(key))
    except (StorageError, OSError) as error:
        with suppress(StorageError):
            discard(claim)
        raise JobFailed("upload_failed", "What the job made could not be put into the store.") from error
    return keys


def discard(claim: Claim) -> None:
    """Take back what this attempt has stored."""
    get_store().delete_prefix(claim.folder)


def discard_earlier(claim: Claim) -> None:
    """Remove what earlier attempts stored: a worker that was killed after storing could not take it back."""
    for earlier in range(1, claim.attempt):
        get_store().delete_prefix(claim.folder_of(earlier))
