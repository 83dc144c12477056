"""With a bucket as store, bytes go straight to it (what clients see of that: test_resume.py)."""

from typing import Any

import httpx
import pytest
from pytest_django import Settings

from apps.uploads import tasks
from apps.uploads.models import Asset
from framelane.lib.storage import get_store
from tests.people import Person
from tests.storage_emulator import bucket as bucket
from tests.storage_emulator import emulator as emulator
from tests.uploads.files import mp4_like

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]


def test_the_upload_url_is_the_services_own(alice: Person, emulator: str) -> None:
    body = alice.post("/v1/uploads", {"content_type": "video/mp4"}).json()
    assert body["upload_url"].startswith(f"{emulator}/upload/storage/v1/b/films/o?")
    assert body["source_url"].startswith("http://localhost:8000/media/ws_")
    assert httpx.put(body["upload_url"], content=mp4_like(500)).status_code == 200
    tasks.sweep()
    asset = Asset.objects.get()
    assert (asset.status, asset.size_bytes) == ("processing", 500)


def test_more_than_the_limit_is_refused_after_the_fact(
    alice: Person, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 499
    body = alice.post("/v1/uploads", {"content_type": "video/mp4"}).json()
    httpx.put(body["upload_url"], content=mp4_like(500)).raise_for_status()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep()
    asset = Asset.objects.get()
    assert (asset.status, asset.error["code"]) == ("failed", "source_too_large")
    assert not get_store().exists(asset.key)
