"""The worker's side of a job, in this process; the children are stand-ins, and everything else is real."""

from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from django.conf import settings
from django.db import connection

from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.uploads.models import Asset
from framelane.lib import clock
from framelane.lib.storage import get_links, get_store
from gpu_tasks import worker
from tests.jobs.conftest import SCENE, reloaded, set_free
from tests.people import Person


def submitted(person: Person, urls: tuple[str, ...] = (), **metadata: str) -> Job:
    elements = [{"type": "video", "source_url": url} for url in urls] or SCENE["elements"]
    return create_render(workspace=person.workspace, payload={"elements": elements, "metadata": metadata})


def run(job: Job) -> Job:
    set_free(job)
    worker.attempt(job.id, worker="worker-1")
    return reloaded(job)


def run_and_meanwhile(job: Job, act: Callable[[], object]) -> Job:
    """Do `act` as soon as the job has made progress; not at all if it ends without any."""

    def meanwhile() -> None:
        try:
            while not Job.objects.filter(id=job.id, progress_percent__gt=0).exists():
                if ended.wait(0.02):
                    return
            act()
        finally:
            connection.close()

    ended = Flag()
    helper = Thread(target=meanwhile)
    helper.start()
    try:
        return run(job)
    finally:
        ended.set()
        helper.join()


def scratch_is_empty() -> bool:
    folder: Path = settings.FRAMELANE_SCRATCH
    return not folder.exists() or not any(folder.iterdir())


def stored_outputs(person: Person) -> list[str]:
    return list(get_store().list(f"{person.workspace.id}/"))


def uploaded(person: Person, folder: Path, content: bytes) -> str:
    key = f"{person.workspace.id}/uploads/clip.mp4"
    (folder / "clip").write_bytes(content)
    get_store().put_file(key, folder / "clip", "video/mp4")
    Asset.objects.create(
        workspace=person.workspace,
        key=key,
        kind="video",
        content_type="video/mp4",
        status="ready",
        expires_at=clock.now(),
    )
    return get_links().stable(key)
