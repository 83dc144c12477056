"""Uploads from the console where the store is a bucket: bytes go straight to it, or out of a form through here."""

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.uploads import tasks
from apps.uploads.models import Asset
from framelane.lib.storage import get_store
from tests.console.people import signed_in
from tests.people import Person
from tests.storage_emulator import bucket as bucket
from tests.storage_emulator import emulator as emulator
from tests.uploads.conftest import store as store
from tests.uploads.files import mp4_like

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket")]

CONTENT = mp4_like(5000)


def test_the_script_sends_to_the_service_itself(alice: Person, emulator: str) -> None:
    owner = signed_in(alice)
    body = {"filename": "clip.mp4", "content_type": "", "size_bytes": len(CONTENT)}
    told = owner.post("/console/assets/uploads", body, content_type="application/json").json()
    assert told["upload_url"].startswith(emulator)
    httpx.put(told["upload_url"], content=CONTENT).raise_for_status()
    tasks.sweep()
    assert owner.get(told["status_url"]).json()["status"] == "processing"


def test_a_form_brings_files_into_the_bucket(alice: Person) -> None:
    sent = SimpleUploadedFile("clip.mp4", CONTENT, "video/mp4")
    assert signed_in(alice).post("/console/assets/files", {"files": sent}).status_code == 302
    asset = Asset.objects.get()
    assert (asset.status, asset.size_bytes) == ("processing", len(CONTENT))
    assert b"".join(get_store().read(asset.key)) == CONTENT
