"""Finds out what a received file is, in a bounded child process.

Decoders meet hostile files here first, so nothing of them is ever loaded into this process. A message only says that
there is something to look at: `probe_due_at` in the row decides, and doubles as the lease of whoever looks.
"""

import json
import logging
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.events.hints import hint
from apps.uploads.models import Asset, Status
from apps.uploads.services import tell
from framelane.lib import clock
from framelane.lib.sandbox import Limits, Outcome, minimal_environment, run_bounded
from framelane.lib.storage import ObjectNotFound, StorageError, get_store
from gpu_tasks.errors import JobErrorCode
from gpu_tasks.timeline.sources import SourceInfo

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BATCH_SIZE = 500

_SPARE_LEASE_S = 60
_MAX_OUTPUT_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file cannot be used."""

    code: JobErrorCode
    message: str


class Inconclusive(Exception):
    """The probe did not come to a result, through no fault of the file."""


def probe_asset(*, asset_id: str) -> None:
    """Probe the asset if that is due, and write down the result. What is inconclusive is tried again by the sweep."""
    asset = _claim(asset_id)
    if asset is None:
        return
    try:
        finding = _examine(asset)
    except (Inconclusive, StorageError) as error:
        log.warning("probe of %s was inconclusive (attempt %d): %s", asset.id, asset.probe_attempt, error)
        if asset.probe_attempt < MAX_ATTEMPTS:
            return
        finding = Failure("internal", "The file could not be examined.")
    _conclude(asset, finding)


def hint_due() -> int:
    """Hint at the probes that are due, because their message or their worker was lost; how many that were."""
    due = Asset.objects.filter(probe_due_at__lte=clock.now()).order_by("probe_due_at")
    asset_ids = list(due.values_list("id", flat=True)[:BATCH_SIZE])
    for asset_id in asset_ids:
        hint("apps.uploads.tasks.probe_asset", asset_id, queue="io")
    return len(asset_ids)


def _claim(asset_id: str) -> Asset | None:
    """The asset, leased to this process; None when nothing is due or somebody else was faster."""
    now = clock.now()
    lease = timedelta(seconds=settings.FRAMELANE_PROBE_TIMEOUT_S + _SPARE_LEASE_S)
    due = Asset.objects.filter(id=asset_id, probe_due_at__lte=now)
    if not due.update(probe_due_at=now + lease, probe_attempt=F("probe_attempt") + 1):
        return None
    return Asset.objects.get(id=asset_id)


def _examine(asset: Asset) -> SourceInfo | Failure:
    """Raises Inconclusive, StorageError."""
    with tempfile.TemporaryDirectory(prefix="probe-", dir=settings.FRAMELANE_SCRATCH) as name:
        folder = Path(name)
        path = folder / f"source.{asset.key.rpartition('.')[2]}"
        try:
            get_store().fetch(asset.key, path)
        except ObjectNotFound:
            return Failure("source_not_found", "The uploaded file is no longer there.")
        return run_probe(path, folder)


def run_probe(path: Path, folder: Path) -> SourceInfo | Failure:
    """What `python -m gpu_tasks.media.probe` says of a file. `folder` is its working directory.

    Raises Inconclusive when it says nothing that can be understood.
    """
    lines: list[str] = []
    outcome = run_bounded(
        [sys.executable, "-m", "gpu_tasks.media.probe", str(path)],
        cwd=folder,
        env=minimal_environment(PYTHONPATH=str(settings.BASE_DIR), PYTHONDONTWRITEBYTECODE="1"),
        limits=Limits(
            memory_bytes=settings.FRAMELANE_PROBE_MEMORY_BYTES,
            cpu_s=settings.FRAMELANE_PROBE_TIMEOUT_S,
            wall_s=settings.FRAMELANE_PROBE_TIMEOUT_S,
            file_size_bytes=_MAX_OUTPUT_BYTES,
        ),
        on_line=lines.append,
    )
    return _ended_early(outcome) or _understood(outcome, lines)


def _ended_early(outcome: Outcome) -> Failure | None:
    match outcome.reason:
        case "memory":
            return Failure("out_of_memory", "Examining the file took more memory than is allowed.")
        case "wall" | "cpu":
            return Failure("timeout", "Examining the file took longer than is allowed.")
        case "signal" | "file_size":
            return Failure("decode_failed", "The file made the decoder stop.")
    return None


def _understood(outcome: Outcome, lines: list[str]) -> SourceInfo | Failure:
    try:
        answer = dict(json.loads(lines[-1]))
        return Failure(**answer["error"]) if "error" in answer else SourceInfo.from_json(answer)
    except (IndexError, ValueError, TypeError, KeyError) as error:
        raise Inconclusive(f"exit status {outcome.exit_code}: {outcome.stderr_tail[-500:]}") from error


def _conclude(asset: Asset, finding: SourceInfo | Failure) -> None:
    """Write the finding down, unless another probe of the asset has begun since."""
    values = _failed(finding) if isinstance(finding, Failure) else _ready(finding)
    with transaction.atomic():
        mine = Asset.objects.filter(id=asset.id, probe_attempt=asset.probe_attempt, probe_due_at__isnull=False)
        if not mine.update(probe_due_at=None, **values):
            return
        if values["status"] != asset.status:
            tell(asset)
        if values["status"] == Status.FAILED:
            transaction.on_commit(lambda: get_store().delete(asset.key))


def _failed(failure: Failure) -> dict[str, Any]:
    return {"status": Status.FAILED, "error": {"code": failure.code, "message": failure.message}}


def _ready(info: SourceInfo) -> dict[str, Any]:
    """What the probe measured replaces what the sender claimed."""
    return {
        "status": Status.READY,
        "kind": info.kind,
        "info": info.as_json(),
        "duration": None if info.duration_s is None else float(info.duration_s),
        "width": info.width or None,
        "height": info.height or None,
    }
