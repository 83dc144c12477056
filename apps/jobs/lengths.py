"""What is known of an output before anybody has looked at its sources: how long it will be, and how large."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from mimetypes import guess_type
from urllib.parse import urlsplit

from django.conf import settings

from apps.billing.selectors import ledger_s
from apps.jobs import selectors
from apps.jobs.models import Job
from apps.uploads.models import Asset
from apps.uploads.models import Kind as AssetKind
from apps.uploads.selectors import assets_at
from apps.workspaces.models import Workspace
from gpu_tasks.timeline.lengths import Length, film_length
from gpu_tasks.timeline.request import RenderRequest
from gpu_tasks.timeline.sizes import Size, enlarged_size
from gpu_tasks.timeline.tasks import SuperResolutionBody, TaskBody, TranscribeBody

_TIMELESS = frozenset({AssetKind.IMAGE, AssetKind.FONT})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform knows of one of its own files. `length_s` is 0 for a picture; None is not known."""

    length_s: Fraction | None
    size: Size | None
    is_video: bool


def render_length_s(workspace: Workspace, request: RenderRequest) -> Decimal:
    """Seconds that a render reserves: its length, or what stands in for it while a source is unknown."""
    urls = [] if request.duration is not None else request.source_urls()
    facts = facts_of(workspace, urls)
    return _reserved_s(film_length(request, {url: known.length_s for url, known in facts.items()}))


def task_length_s(body: TaskBody, facts: Facts | None) -> Decimal:
    """Seconds that a task reserves: its output lasts as long as its source does."""
    if facts is not None and facts.length_s is not None:
        return _reserved_s(Length(facts.length_s, is_known=True))
    return _reserved_s(Length(Fraction(0), is_known=_looks_like_a_picture(body.source_url)))


def _looks_like_a_picture(url: str) -> bool:
    """By its name, which may lie: then the worker finds out, before it makes anything."""
    return (guess_type(urlsplit(url).path)[0] or "").startswith("image/")


def _reserved_s(length: Length) -> Decimal:
    known_s = ledger_s(float(length.at_least_s))
    return known_s if length.is_known else max(known_s, ledger_s(settings.FRAMELANE_UNKNOWN_RESERVE_S))


def task_size(body: TaskBody, facts: Facts | None) -> Size | None:
    """Width and height in pixels of what a task makes of such a source; None where unknown or bound by no plan.

    Plans bound films, and pictures that are made larger; a photograph that keeps its size may have any.
    """
    if facts is None or facts.size is None or isinstance(body, TranscribeBody):
        return None
    if isinstance(body, SuperResolutionBody):
        return enlarged_size(*facts.size, body.scale, even=facts.is_video)
    return facts.size if facts.is_video else None


def facts_of(workspace: Workspace, urls: Iterable[str]) -> dict[str, Facts]:
    """Facts about those URLs that name a file of the workspace: an asset, or what a job has made."""
    wanted = list(urls)
    assets = assets_at(workspace, wanted)
    return facts_from(assets, selectors.outputs_at(workspace, [url for url in wanted if url not in assets]))


def facts_from(assets: Mapping[str, Asset], outputs: Mapping[str, Job]) -> dict[str, Facts]:
    """Facts about files by their URLs, without another look."""
    found = {url: _of_asset(asset) for url, asset in assets.items()}
    return found | {url: _of_output(job) for url, job in outputs.items()}


def _of_asset(asset: Asset) -> Facts:
    measured = (asset.info or {}).get("duration_s")
    length_s = None if asset.duration is None else Fraction(str(asset.duration))
    if asset.kind in _TIMELESS:
        length_s = Fraction(0)
    elif measured is not None:
        length_s = Fraction(measured)
    return Facts(length_s, _size(asset.width, asset.height), asset.kind == AssetKind.VIDEO)


def _of_output(job: Job) -> Facts:
    size = _size(job.output_width, job.output_height)
    length_s = Fraction(0) if job.output_duration_s is None else Fraction(str(job.output_duration_s))
    return Facts(length_s, size, is_video=bool(size and length_s))


def _size(width: int | None, height: int | None) -> Size | None:
    return (width, height) if width and height else None
