"""POST, GET /v1/imports: what clients see of an import."""

from typing import Any

import pytest

from apps.events.models import Event
from apps.uploads.imports.fetching import fetch_import
from apps.uploads.models import Asset, Import
from apps.uploads.selectors import assets_at, resolve_source
from framelane.lib.storage import Store
from tests.people import Person
from tests.uploads.files import film, mp4_like
from tests.web_site import Site

pytestmark = pytest.mark.django_db
URL = "https://films.example/clip.mp4"


def test_an_import_is_accepted_at_once(alice: Person) -> None:
    answer = alice.post("/v1/imports", {"url": URL, "filename": "folder/My clip.mp4"})
    assert answer.status_code == 202
    body = answer.json()
    row = Import.objects.get()
    assert body == {
        "id": row.id,
        "status": "processing",
        "url": URL,
        "filename": "My clip.mp4",
        "source_url": body["source_url"],
        "asset_id": None,
        "error": None,
        "created_at": body["created_at"],
    }
    assert body["id"].startswith("import_")
    assert f"/media/{alice.workspace.id}/imports/{row.id}/" in body["source_url"]
    assert body["source_url"].endswith(".mp4")


@pytest.mark.parametrize(
    ("url", "filename", "extension"),
    [
        ("https://films.example/a.webm?x=1", None, "webm"),
        ("https://films.example/a.webm", "b.mov", "mov"),
        ("https://films.example/a.JPG", None, "jpg"),
        ("https://films.example/download", None, "mp4"),
        ("https://films.example/a.exe", "b.php", "mp4"),
    ],
)
def test_the_source_url_ends_as_the_file_seems_to(
    alice: Person, url: str, filename: str | None, extension: str
) -> None:
    body = alice.post("/v1/imports", {"url": url, "filename": filename}).json()
    assert body["source_url"].rpartition(".")[2] == extension


def test_the_word_goes_to_the_workers(
    alice: Person, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, Any, str]] = []

    def send_task(name: str, args: Any = (), queue: str = "", **_: Any) -> None:
        sent.append((name, args, queue))

    monkeypatch.setattr("celery.current_app.send_task", send_task)
    with django_capture_on_commit_callbacks(execute=True):
        import_id = alice.post("/v1/imports", {"url": URL}).json()["id"]
    assert sent == [("apps.uploads.tasks.fetch_import", (import_id,), "ingest")]


def test_a_real_film_becomes_an_asset(alice: Person, site: Site, tmp_path: Any, store: Store) -> None:
    content = film(tmp_path / "film.mp4")
    body = alice.post("/v1/imports", {"url": site.put("/a/clip.mp4", content)}).json()
    fetch_import(import_id=body["id"])
    after = alice.get(f"/v1/imports/{body['id']}").json()
    asset = Asset.objects.get()
    assert (after["status"], after["asset_id"], after["error"]) == ("ready", asset.id, None)
    assert (after["source_url"], after["filename"]) == (body["source_url"], "clip.mp4")
    assert (asset.status, asset.kind, asset.content_type) == ("ready", "video", "video/mp4")
    assert (asset.width, asset.height, asset.size_bytes) == (64, 48, len(content))
    assert asset.duration == pytest.approx(0.2)
    assert asset.source == body["url"]
    assert b"".join(store.read(asset.key)) == content
    assert resolve_source(alice.workspace, body["source_url"]) == asset
    event = Event.objects.get(type="asset.ready")
    assert event.data["asset"]["id"] == asset.id
    assert event.data["asset"]["source_url"] == body["source_url"]


def test_what_is_no_film_fails_as_an_asset_too(alice: Person, site: Site) -> None:
    url = site.put("/clip.mp4", mp4_like(2000)) + "?token=secret"
    import_id = alice.post("/v1/imports", {"url": url}).json()["id"]
    fetch_import(import_id=import_id)
    body = alice.get(f"/v1/imports/{import_id}").json()
    assert body["status"] == "failed"
    assert body["error"]["code"] in ("invalid_source", "decode_failed", "codec_unsupported")
    assert "clip.mp4: " in body["error"]["message"]
    assert "secret" not in body["error"]["message"]
    failed = Event.objects.get(type="asset.failed").data["asset"]
    assert (failed["id"], failed["error"]) == (body["asset_id"], body["error"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": None},
        {"url": ""},
        {"url": 7},
        {"url": "films.example/clip.mp4"},
        {"url": "ftp://films.example/clip.mp4"},
        {"url": "file:///etc/passwd"},
        {"url": f"https://films.example/{'a' * 2083}"},
        {"url": URL, "filename": "a" * 256},
        {"url": URL, "filename": 1},
    ],
)
def test_what_is_no_request_is_refused(alice: Person, body: Any) -> None:
    answer = alice.post("/v1/imports", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"][0]["path"] in ("/url", "/filename")
    assert not Import.objects.exists()


def test_ones_own_files_are_not_imported(alice: Person, bob: Person) -> None:
    source_url = alice.post("/v1/uploads", {"content_type": "video/mp4"}).json()["source_url"]
    for person in (alice, bob):
        answer = person.post("/v1/imports", {"url": source_url})
        assert answer.status_code == 422
        assert answer.json()["error"]["details"]["fields"][0]["code"] == "own_url"


def test_sent_twice_it_is_one_import(alice: Person) -> None:
    headers = {"Idempotency-Key": "once"}
    first = alice.post("/v1/imports", {"url": URL}, headers=headers)
    again = alice.post("/v1/imports", {"url": URL}, headers=headers)
    other = alice.post("/v1/imports", {"url": URL, "filename": "b.mp4"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert first.json() == again.json()
    assert Import.objects.count() == 1


def test_lists_show_ones_own_newest_first(alice: Person, bob: Person) -> None:
    made = [alice.post("/v1/imports", {"url": f"{URL}?{n}"}).json()["id"] for n in range(3)]
    bob.post("/v1/imports", {"url": URL})
    first = alice.get("/v1/imports?limit=2").json()
    rest = alice.get(f"/v1/imports?limit=2&cursor={first['next_cursor']}").json()
    assert [row["id"] for row in first["data"] + rest["data"]] == made[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_copies_for_jobs_are_not_listed(alice: Person) -> None:
    element = {"type": "video", "source_url": URL}
    alice.post("/v1/renders", {"elements": [element], "ingest_external": True})
    copy = Import.objects.get()
    assert alice.get("/v1/imports").json()["data"] == []
    assert alice.get(f"/v1/imports/{copy.id}").status_code == 404


def test_somebody_elses_import_is_not_there(alice: Person, bob: Person) -> None:
    import_id = alice.post("/v1/imports", {"url": URL}).json()["id"]
    for wrong in (import_id, "import_01J8QR2K5VKDGN2T4FBM3CZYX7", "nonsense"):
        answer = bob.get(f"/v1/imports/{wrong}")
        assert (answer.status_code, answer.json()["error"]["message"]) == (404, "Import not found.")


def test_a_source_url_works_for_whoever_imported_it_alone(
    alice: Person, bob: Person, site: Site, examined: list[Any]
) -> None:
    body = alice.post("/v1/imports", {"url": site.put("/clip.webm", mp4_like(200))}).json()
    fetch_import(import_id=body["id"])
    asset = Asset.objects.get()
    # It promised WebM and turned out to be MP4: the asset is called what it is, the promise still holds.
    assert (body["source_url"][-5:], asset.key[-4:]) == (".webm", ".mp4")
    assert assets_at(alice.workspace, [body["source_url"], URL]) == {body["source_url"]: asset}
    assert resolve_source(bob.workspace, body["source_url"]) is None
