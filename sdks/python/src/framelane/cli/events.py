"""Events made on this machine from what the API's lists say, signed like those of the platform."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from framelane.types import AssetOut, JobOut

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX = "whsec_"
_ENDS = ("completed", "failed", "cancelled")
PROGRESS_STEP_PERCENT = 10
"""At most one progress event for each, as the platform sends them."""


@dataclass(frozen=True)
class Event:
    """A call of a webhook as it is sent."""

    id: str
    type: str
    about: str
    body: bytes


@dataclass
class Watch:
    """What was seen last of jobs and assets. What was there before the first look counts as seen."""

    workspace_id: str
    jobs: dict[str, tuple[str, int]] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    is_first: bool = True

    def look(self, jobs: Iterable[JobOut], assets: Iterable[AssetOut]) -> Iterator[Event]:
        """Events for what has changed since the last look, the oldest thing first."""
        found = [event for job in jobs for event in self._of_job(job)]
        found += [event for asset in assets for event in self._of_asset(asset)]
        if self.is_first:
            self.is_first, found = False, []
        yield from found

    @property
    def open_jobs(self) -> set[str]:
        """Jobs that have not ended yet."""
        return {job_id for job_id, (status, _) in self.jobs.items() if status not in _ENDS}

    def _of_job(self, job: JobOut) -> Iterator[Event]:
        before, percent = self.jobs.get(job.id, ("", 0))
        status = "queued" if job.status == "ingesting" else job.status
        has_progressed = job.progress_percent >= percent + PROGRESS_STEP_PERCENT
        if status != before:
            yield event_of(f"{job.kind}.{status}", self.workspace_id, {"job": job})
        elif status == "processing" and has_progressed:
            yield event_of(f"{job.kind}.progress", self.workspace_id, {"job": job})
        else:
            return
        self.jobs[job.id] = (status, job.progress_percent)

    def _of_asset(self, asset: AssetOut) -> Iterator[Event]:
        if self.assets.get(asset.id) != asset.status:
            self.assets[asset.id] = asset.status
            if asset.status in ("ready", "failed"):
                yield event_of(f"asset.{asset.status}", self.workspace_id, {"asset": asset})


def event_of(type: str, workspace_id: str, data: Mapping[str, Any]) -> Event:
    """An event with the body that the platform would give it."""
    event_id = f"evt_{_ulid()}"
    (thing,) = data.values()
    body = {
        "id": event_id,
        "type": type,
        "created_at": datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"),
        "workspace_id": workspace_id,
        "data": {name: value.model_dump(mode="json") for name, value in data.items()},
    }
    encoded = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Event(event_id, type, thing.id, encoded)


def matches(type: str, patterns: Iterable[str] | None) -> bool:
    """Whether a type is one of the wanted ones; `render.*` and `*` stand for many."""
    wanted = list(patterns or ["*"])
    return any(pattern in ("*", type, f"{type.partition('.')[0]}.*") for pattern in wanted)


def new_secret() -> str:
    """A secret for a session, in the form of those that the platform gives."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signed_headers(event: Event, secret: str, at: int | None = None) -> dict[str, str]:
    """The headers of a call: the platform's own signature, and the three of Standard Webhooks."""
    now = str(int(time.time()) if at is None else at)
    own = hmac.new(secret.encode(), f"{now}.".encode() + event.body, hashlib.sha256).hexdigest()
    key = base64.b64decode(secret[len(_PREFIX) :])
    standard = hmac.new(key, f"{event.id}.{now}.".encode() + event.body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "Framelane-Signature": f"t={now},v1={own}",
        "webhook-id": event.id,
        "webhook-timestamp": now,
        "webhook-signature": f"v1,{base64.b64encode(standard).decode()}",
    }


def _ulid() -> str:
    """A ULID: 48 bits of milliseconds and 80 of chance (https://github.com/ulid/spec)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
