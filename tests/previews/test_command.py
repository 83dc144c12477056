"""`manage.py make_previews`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.previews.models import Preview
from framelane.lib import clock
from tests.people import Person
from tests.previews.conftest import add_asset, add_job, made, planned

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("make_previews", *arguments, stdout=said)
    return said.getvalue().strip()


def due() -> set[str]:
    return set(Preview.objects.filter(due_at__isnull=False).values_list("subject_id", flat=True))


def test_what_has_no_preview_gets_one(alice: Person, bob: Person, clip: Path) -> None:
    asset, job = add_asset(alice, clip), add_job(bob, clip)
    add_job(bob, clip, output_gone_at=clock.now())
    add_asset(bob, clip, status="failed")
    made(alice, shown := add_asset(alice, clip).id, clip)
    broken = planned(alice, add_asset(alice, clip).id)
    Preview.objects.filter(subject_id=broken.subject_id).update(status="failed", due_at=None, attempts=3)
    assert run() == "3 previews will be made"
    assert due() == {asset.id, job.id, broken.subject_id}
    again = Preview.objects.get(subject_id=broken.subject_id)
    assert (again.attempts, again.status) == (0, "pending")
    assert Preview.objects.get(subject_id=shown).status == "made"
    assert run() == "0 previews will be made"


def test_all_are_made_anew_and_shown_until_then(alice: Person, clip: Path) -> None:
    preview = made(alice, add_asset(alice, clip).id, clip)
    assert run("--all") == "1 previews will be made"
    again = Preview.objects.get()
    assert (again.status, again.poster_key) == ("made", preview.poster_key)
    assert due() == {preview.subject_id}
