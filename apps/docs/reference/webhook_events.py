"""Every event that webhooks tell of, with what arrives."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.writing import example, page, table, unsupported
from apps.jobs.schemas import JobOut
from apps.uploads.schemas import AssetOut

_BEGUN: Final = datetime(2026, 11, 22, 10, 24, 30, tzinfo=UTC)
_PASSED: Final = {
    "queued": timedelta(0),
    "processing": timedelta(seconds=1),
    "progress": timedelta(seconds=6),
    "completed": timedelta(seconds=9),
    "failed": timedelta(seconds=9),
    "cancelled": timedelta(seconds=7),
}
_WORKSPACE: Final = "ws_01J8QR2K5VKDGN2T4FBM3CZYX8"
_ULID: Final = "01J8QR2K5VKDGN2T4FBM3CZYX7"


def pages() -> Iterable[Page]:
    """The page of webhook events."""
    known = entries("webhook_events")
    yield page(
        "webhook-events",
        "# Webhook events",
        "Every event that your server can be told of, and the body that it receives.",
        "All bodies have the same shape; `data` has a `job` or an `asset`, as it was when the event happened. "
        "[Webhooks](../webhooks.md) shows how to subscribe, and how to check that a call is really from here.",
        table(("type", "when"), ((_link(entry["type"]), entry["meaning"]) for entry in known)),
        *(part for entry in known for part in _section(entry)),
    )


def _link(event: str) -> str:
    return f"[`{event}`](#{event.replace('.', '')})"


def _section(entry: dict[str, Any]) -> Iterator[str]:
    event = entry["type"]
    yield f"## {event}"
    yield entry["meaning"]
    yield unsupported(entry)
    yield example(body_of(event), "WebhookEvent")


def body_of(event: str) -> dict[str, Any]:
    """An example of what arrives."""
    area, _, moment = event.partition(".")
    data = {"asset": _asset(moment)} if area == "asset" else {"job": _job(area, moment)}
    at = _BEGUN + _PASSED.get(moment, timedelta(seconds=2))
    return {"id": f"evt_{_ULID}", "type": event, "created_at": _iso(at), "workspace_id": _WORKSPACE, "data": data}


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _job(kind: str, moment: str) -> dict[str, Any]:
    at = _BEGUN + _PASSED[moment]
    has_ended = moment in ("completed", "failed", "cancelled")
    job: dict[str, Any] = {
        "id": f"{kind}_{_ULID}",
        "kind": kind,
        "task_type": "super_resolution" if kind == "task" else None,
        "workspace_id": _WORKSPACE,
        "status": "processing" if moment == "progress" else moment,
        "progress_percent": {"completed": 100, "progress": 40}.get(moment, 0),
        "progress_stage": {"completed": "uploading", "progress": "compositing"}.get(moment),
        "output": _OUTPUT if moment == "completed" else None,
        "error": _ERROR if moment == "failed" else None,
        "warnings": [],
        "metadata": {"project_id": "proj_123"},
        "created_at": _BEGUN,
        "updated_at": at,
        "completed_at": at if has_ended else None,
    }
    return JobOut.model_validate(job).model_dump(mode="json")


_OUTPUT: Final = {
    "url": "https://media.example.com/media/output.mp4?signature=...",
    "width": 1280,
    "height": 720,
    "duration": 12.0,
    "size_bytes": 4_812_406,
}
_ERROR: Final = {"code": "source_not_found", "message": "https://cdn.example.com/clip.mp4 answered 404."}


def _asset(moment: str) -> dict[str, Any]:
    is_ready = moment == "ready"
    asset = {
        "id": f"asset_{_ULID}",
        "source_url": "https://media.example.com/media/clip.mp4",
        "kind": "video",
        "status": moment,
        "content_type": "video/mp4",
        "filename": "clip.mp4",
        "size_bytes": 2_402_118,
        "duration": 4.0 if is_ready else None,
        "width": 640 if is_ready else None,
        "height": 360 if is_ready else None,
        "error": None if is_ready else {"code": "decode_failed", "message": "clip.mp4 is damaged."},
        "created_at": _BEGUN,
    }
    return AssetOut.model_validate(asset).model_dump(mode="json")
