"""Which URLs mean a file of the workspace."""

from datetime import timedelta

import pytest

from apps.uploads.selectors import is_own_url, key_of_source, resolve_source
from framelane.lib import clock
from framelane.lib.storage import Store, get_links
from tests.people import Person
from tests.uploads.files import Upload

pytestmark = pytest.mark.django_db


def test_a_source_url_means_its_asset(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    for url in (upload.source_url, f"{upload.source_url}?x=1", store.signed_url(upload.asset.key, 60)):
        assert resolve_source(alice.workspace, url) == upload.asset


def test_another_workspace_gets_nothing_for_it(alice: Person, bob: Person, store: Store) -> None:
    upload = Upload(alice)
    for url in (upload.source_url, store.signed_url(upload.asset.key, 60)):
        assert resolve_source(bob.workspace, url) is None
        assert key_of_source(bob.workspace, url) is None
        assert is_own_url(url)


def test_an_output_of_ones_own_is_a_source_without_an_asset(alice: Person, bob: Person) -> None:
    key = f"{alice.workspace.id}/renders/job/attempt-1/output.mp4"
    url = get_links().signed(key, clock.now() + timedelta(minutes=1))
    assert key_of_source(alice.workspace, url) == key
    assert resolve_source(alice.workspace, url) is None
    assert key_of_source(bob.workspace, url) is None


@pytest.mark.parametrize("url", ["https://films.example/a.mp4", "", "http://localhost:8000/media/", "nonsense"])
def test_other_urls_mean_nothing_here(alice: Person, url: str) -> None:
    assert resolve_source(alice.workspace, url) is None
    assert not is_own_url(url)
