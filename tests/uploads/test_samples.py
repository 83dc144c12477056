"""The samples of the documentation are sources on every installation, and nothing beside them is."""

import pytest
from pytest_django import Settings

from apps.uploads.imports.fetching import fetch_import
from apps.uploads.imports.lifecycle import begin
from apps.uploads.samples import sample_at
from framelane.lib.storage import get_store
from framelane.settings import BASE_DIR
from tests.people import Person


@pytest.fixture
def samples(settings: Settings) -> str:
    return f"{settings.FRAMELANE_PUBLIC_URL}/docs/samples/"


def test_an_address_leads_to_its_file(samples: str) -> None:
    found = sample_at(samples + "logo.png")
    assert found is not None
    assert found.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "missing.mp4",
        "../../manage.py",
        "%2e%2e/webhooks.md",
        "./logo.png",
        "logo.png?x",
        "logo.png#x",
        "LOGO.png",
        "/logo.png",
    ],
)
def test_no_other_address_leads_anywhere(samples: str, name: str) -> None:
    assert sample_at(samples + name) is None


def test_another_installation_has_its_own() -> None:
    assert sample_at("https://films.example.org/docs/samples/logo.png") is None


@pytest.mark.django_db
def test_a_sample_can_be_imported(alice: Person, samples: str) -> None:
    row = begin(workspace=alice.workspace, url=samples + "logo.png", requested=True)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert row.status == "stored"
    assert row.asset is not None
    assert b"".join(get_store().read(row.asset.key)) == (BASE_DIR / "docs" / "samples" / "logo.png").read_bytes()
