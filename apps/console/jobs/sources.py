"""What a job reads: the workspace's own files with links to them, and addresses elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from mimetypes import guess_type

from apps.console.jobs.film.labels import file_name, plain
from apps.jobs.lengths import facts_from
from apps.jobs.models import Job, Kind
from apps.jobs.selectors import outputs_at
from apps.uploads.assets.selectors import assets_of
from apps.uploads.models import Asset
from apps.uploads.selectors import assets_at
from apps.workspaces.models import Workspace
from gpu_tasks.timeline.lengths import Durations
from gpu_tasks.timeline.request import RenderRequest

MAX_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a job reads. At most one of the ids is set: of an asset, or of the job that has made it.

    `is_copy` says that the asset was copied from the address for this job.
    """

    name: str
    url: str
    asset_id: str = ""
    job_id: str = ""
    kind: str = ""
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the workspace that a job reads, by the URLs that its request has for them."""

    urls: list[str]
    assets: Mapping[str, Asset]
    copies: Mapping[str, Asset]
    outputs: Mapping[str, Job]

    @property
    def durations(self) -> Durations:
        """How long they last, see `gpu_tasks.timeline.lengths`."""
        facts = facts_from({**self.assets, **self.copies}, self.outputs)
        return {url: known.length_s for url, known in facts.items()}

    @property
    def names(self) -> dict[str, str]:
        """What the workspace's own files were called when they were uploaded, by URL."""
        return _names(self.assets)

    def listed(self) -> list[Source]:
        """Up to MAX_SHOWN of the sources, in the order of the request."""
        return [self._source(url) for url in self.urls[:MAX_SHOWN]]

    @property
    def more(self) -> int:
        """How many sources are not listed."""
        return max(0, len(self.urls) - MAX_SHOWN)

    def key_of(self, url: str) -> str:
        """The key of the object in the store; "" for what lies elsewhere or is not there yet."""
        if (asset := self.assets.get(url) or self.copies.get(url)) is not None:
            return asset.key if asset.status == "ready" else ""
        made = self.outputs.get(url)
        return made.output_key if made is not None and made.output_gone_at is None else ""

    def _source(self, url: str) -> Source:
        name = plain(file_name(url))
        if (asset := self.assets.get(url)) is not None:
            return Source(plain(asset.filename) or name, url, asset_id=asset.id, kind=asset.kind)
        if (copy := self.copies.get(url)) is not None:
            return Source(name, url, asset_id=copy.id, kind=copy.kind, is_copy=True)
        if (made := self.outputs.get(url)) is not None:
            return Source(name, url, job_id=made.id, kind=_likely_kind(url))
        return Source(name, url, kind=_likely_kind(url))


def _likely_kind(url: str) -> str:
    """By its name, which may lie."""
    return (guess_type(file_name(url))[0] or "").partition("/")[0]


def names_of(workspace: Workspace, jobs: Iterable[Job]) -> dict[str, str]:
    """What the files that some tasks read were called when they were uploaded, by URL: two queries at most."""
    return _names(assets_at(workspace, [url for job in jobs for url in _of_task(job)]))


def named(request: RenderRequest, names: Mapping[str, str]) -> RenderRequest:
    """The request with the elements without a name called as their files."""
    elements = [
        element.model_copy(update={"name": name})
        if not element.name and (name := names.get(getattr(element, "source_url", "")))
        else element
        for element in request.elements
    ]
    return request.model_copy(update={"elements": elements})


def _names(assets: Mapping[str, Asset]) -> dict[str, str]:
    return {url: name for url, asset in assets.items() if (name := plain(asset.filename))}


def files_of(workspace: Workspace, job: Job, request: RenderRequest | None) -> Files:
    """What a job reads, in four queries at most. `request` is that of a render, parsed."""
    urls = request.source_urls() if request is not None else _of_task(job)
    assets = assets_at(workspace, urls)
    outputs = outputs_at(workspace, [url for url in urls if url not in assets])
    return Files(urls, assets, _copies(workspace, job), outputs)


def _of_task(job: Job) -> list[str]:
    url = job.request.get("source_url") if job.kind == Kind.TASK else None
    return [url] if isinstance(url, str) else []


def _copies(workspace: Workspace, job: Job) -> dict[str, Asset]:
    if not job.copies:
        return {}
    found = {asset.id: asset for asset in assets_of(workspace).filter(id__in=set(job.copies.values()))}
    return {url: found[asset_id] for url, asset_id in job.copies.items() if asset_id in found}
