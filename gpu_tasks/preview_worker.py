"""The Celery side of previews: claim, make, show. Jobs come first: a preview that keeps one from its worker stops."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings

from apps.previews import claims
from apps.previews.claims import Claim
from framelane.lib.sandbox import Limits
from framelane.lib.storage import ObjectNotFound, get_store
from framelane.lib.storage.content_types import content_type_of
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.preview import PREVIEWS, Pictures, make_pictures
from gpu_tasks.runners.scratch import scratch_folder
from gpu_tasks.watch import is_shutting_down, unhurried_by_sigterm

log = logging.getLogger(__name__)

LIMITS = Limits(memory_bytes=2 * 1024**3, cpu_s=60, wall_s=60, file_size_bytes=8 * 1024**2, open_files=64)
LOOK_INTERVAL_S = 1.0
SCRATCH_PREFIX = "preview-"
_FAULTS_OF_FILES = frozenset(
    {
        "invalid_source",
        "source_not_found",
        "source_too_large",
        "codec_unsupported",
        "decode_failed",
        "out_of_memory",
    }
)


@shared_task(name="gpu_tasks.preview_worker.make_preview", ignore_result=True)
def make_preview(subject_id: str) -> None:
    """Make the preview of a job or an asset, if it can be claimed."""
    with unhurried_by_sigterm():
        if not is_shutting_down():
            attempt(subject_id)


def attempt(subject_id: str) -> None:
    """Claim a preview, make it and show it. Does nothing when it cannot be claimed."""
    held = claims.claim(subject_id)
    if held is None:
        return
    try:
        facts = _made(held)
    except Stopped:
        claims.give_back(held)
    except JobFailed as failure:
        log.warning("preview of %s (attempt %d) failed: %s", held.subject_id, held.attempt, failure.code)
        claims.fail(held, is_final=failure.code in _FAULTS_OF_FILES)
    except Exception:
        # The edge of the process: whatever went wrong, the preview must not be tried for ever.
        log.exception("preview of %s (attempt %d) broke", held.subject_id, held.attempt)
        claims.fail(held, is_final=False)
    else:
        _show(held, facts)


def is_current(name: str, number: int) -> bool:
    """Whether a folder of scratch belongs to a preview that somebody may be making."""
    return name.startswith(SCRATCH_PREFIX) and claims.is_current(name.removeprefix(SCRATCH_PREFIX), number)


def _made(held: Claim) -> dict[str, Any]:
    """What is to be shown: the pictures are in the store. Raises JobFailed, Stopped, StorageError."""
    with scratch_folder(settings.FRAMELANE_SCRATCH, f"{SCRATCH_PREFIX}{held.subject_id}", held.attempt) as scratch:
        source = scratch / "source"
        try:
            get_store().fetch(held.source_key, source)
        except ObjectNotFound:
            raise JobFailed("source_not_found", f"{held.source_key} is gone.") from None
        should_stop = _impatience(held)
        pictures = make_pictures(source, scratch, should_stop=should_stop, limits=LIMITS, command=PREVIEWS)
        return _stored(held, pictures)


def _impatience(held: Claim) -> Callable[[], bool]:
    """Whether to stop now; asked ten times a second, it asks the database once."""
    look_at = time.monotonic() + LOOK_INTERVAL_S

    def should_stop() -> bool:
        nonlocal look_at
        if is_shutting_down():
            return True
        if time.monotonic() < look_at:
            return False
        look_at = time.monotonic() + LOOK_INTERVAL_S
        return held.should_give_way()

    return should_stop


def _stored(held: Claim, pictures: Pictures) -> dict[str, Any]:
    keys = {name: _put(held, path) for name, path in pictures.files().items()}
    return {**keys, "strip_frames": pictures.strip_frames, "width": pictures.width, "height": pictures.height}


def _put(held: Claim, path: Path) -> str:
    key = held.folder + path.name
    get_store().put_file(key, path, content_type_of(key))
    return key


def _show(held: Claim, facts: Mapping[str, Any]) -> None:
    if claims.complete(held, facts=facts):
        claims.discard_others(held)
    else:
        # The subject is gone, or somebody else has made its preview by now: these files belong to nobody.
        get_store().delete_prefix(held.folder)
