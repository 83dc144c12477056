"""/v1/workspace/assets: what a workspace has brought in, listed, shown, and deleted unless a job needs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render, create_task
from apps.uploads import services
from apps.uploads.assets.services import USE_IS_NOTED_EVERY, delete_asset, note_use
from apps.uploads.models import Asset, CopyUse, Import
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids
from framelane.lib.storage import SessionGone, StorageError, Store, get_links
from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db
PATH = "/v1/workspace/assets"

Make = Callable[..., Asset]


@pytest.fixture
def make(store: Store, tmp_path: Path) -> Make:
    """An asset with its object."""

    def build(person: Person, **fields: Any) -> Asset:
        key = f"{person.workspace.id}/uploads/{ids.new_id('asset')}.mp4"
        (tmp_path / "content").write_bytes(mp4_like(100))
        store.put_file(key, tmp_path / "content", "video/mp4")
        values = {"kind": "video", "status": "ready", "content_type": "video/mp4", "expires_at": clock.now(), **fields}
        return Asset.objects.create(workspace=person.workspace, key=key, received_at=clock.now(), **values)

    return build


def path_of(asset: Asset) -> str:
    return f"{PATH}/{asset.id}"


def render_of(asset: Asset, **element: Any) -> Job:
    element = {"type": "video", "source_url": get_links().stable(asset.key), **element}
    return create_render(workspace=asset.workspace, payload={"duration": 1, "elements": [element]})


def test_an_asset_is_shown(alice: Person, make: Make) -> None:
    asset = make(alice, size_bytes=100, duration=1.5, width=64, height=48, filename="clip.mp4")
    body = alice.get(path_of(asset)).json()
    assert body.pop("created_at").endswith("Z")
    assert body == {
        "id": asset.id,
        "source_url": get_links().stable(asset.key),
        "kind": "video",
        "status": "ready",
        "content_type": "video/mp4",
        "filename": "clip.mp4",
        "size_bytes": 100,
        "duration": 1.5,
        "width": 64,
        "height": 48,
        "error": None,
    }
    assert alice.get(PATH).json()["data"][0]["id"] == asset.id


def test_the_list_is_filtered_and_read_on(alice: Person, bob: Person, make: Make) -> None:
    videos = [make(alice) for _ in range(3)]
    image = make(alice, kind="image")
    failed = make(alice, kind="audio", status="failed", error={"code": "decode_failed", "message": "Broken."})
    make(bob)

    def listed(query: str) -> list[str]:
        return [asset["id"] for asset in alice.get(f"{PATH}?{query}").json()["data"]]

    assert listed("kind=image") == [image.id]
    assert listed("status=failed") == [failed.id]
    assert listed("kind=video&status=failed") == []
    newest_first = [asset.id for asset in (failed, image, *reversed(videos))]
    first = alice.get(f"{PATH}?limit=2").json()
    assert (first["has_more"], [asset["id"] for asset in first["data"]]) == (True, newest_first[:2])
    rest = alice.get(f"{PATH}?cursor={first['next_cursor']}").json()
    assert (rest["has_more"], [asset["id"] for asset in rest["data"]]) == (False, newest_first[2:])


@pytest.mark.parametrize("query", ["kind=film", "status=done", "limit=0", "limit=201", "kind="])
def test_filters_that_mean_nothing_are_refused(alice: Person, query: str) -> None:
    assert alice.get(f"{PATH}?{query}").status_code == 422


@pytest.mark.parametrize(
    "name", ["asset_", "asset_x", "x" * 5000, "%00", "render_01J8QR2K5VKDGN2T4FBM3CZYX7", "%F0%9F"]
)
def test_what_is_no_id_is_not_found(alice: Person, name: str) -> None:
    for answer in (alice.get(f"{PATH}/{name}"), alice.delete(f"{PATH}/{name}")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_deleted_asset_is_gone_with_its_file(alice: Person, store: Store, make: Make) -> None:
    asset, other = make(alice), make(alice)
    answer = alice.delete(path_of(asset))
    assert (answer.status_code, answer.content) == (204, b"")
    assert not store.exists(asset.key)
    assert (alice.get(path_of(asset)).status_code, alice.delete(path_of(asset)).status_code) == (404, 404)
    assert store.exists(other.key)


def test_another_workspaces_asset_is_no_ones(alice: Person, bob: Person, store: Store, make: Make) -> None:
    asset = make(alice)
    missing = bob.delete(f"{PATH}/{ids.new_id('asset')}").json()
    assert bob.delete(path_of(asset)).json() == missing
    assert store.exists(asset.key)


def test_an_upload_under_way_is_broken_off(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    upload.piece(mp4_like(100), 0, 50)
    assert alice.delete(path_of(upload.asset)).status_code == 204
    with pytest.raises(SessionGone):
        store.upload_offset(upload.asset.upload_session)
    assert upload.piece(mp4_like(100), 50, 100, 100).status_code == 404


def test_an_upload_that_is_deleted_with_its_last_byte_leaves_nothing(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload(alice)
    finish = type(store).finish_upload

    def finish_and_lose(*args: Any) -> Any:
        facts = finish(*args)
        Asset.objects.all().delete()
        return facts

    monkeypatch.setattr(type(store), "finish_upload", finish_and_lose)
    answer = upload.put(mp4_like(100))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert not store.exists(upload.asset.key)


def test_one_deleted_upload_does_not_stop_the_sweep(
    alice: Person, store: Store, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, found = (make(alice, status="pending") for _ in range(2))
    Asset.objects.update(received_at=None)
    size = type(store).size

    def lose(which: Store, key: str) -> int:
        Asset.objects.filter(id=lost.id).delete()
        return size(which, key)

    monkeypatch.setattr(type(store), "size", lose)
    services.notice_arrivals()
    assert list(Asset.objects.values_list("id", "status")) == [(found.id, "processing")]
    assert not store.exists(lost.key)


def test_a_store_that_is_away_deletes_nothing(alice: Person, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = make(alice)

    def fail(*_: Any) -> None:
        raise StorageError("away")

    with monkeypatch.context() as patch:
        patch.setattr("framelane.lib.storage.local.LocalStore.delete", fail)
        answer = alice.delete(path_of(asset))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert alice.delete(path_of(asset)).status_code == 204


# --- In use ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.INGESTING, Status.QUEUED, Status.PROCESSING])
def test_an_asset_that_a_job_needs_stays(alice: Person, store: Store, make: Make, status: Status) -> None:
    asset = make(alice)
    job = render_of(asset)
    lease = clock.now() if status == Status.PROCESSING else None
    Job.objects.filter(id=job.id).update(status=status, lease_until=lease)
    answer = alice.delete(path_of(asset))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert job.id in answer.json()["error"]["message"]
    assert store.exists(asset.key)
    Job.objects.filter(id=job.id).update(status=Status.QUEUED, lease_until=None)
    cancel(job)
    assert alice.delete(path_of(asset)).status_code == 204


def needed_as_lut(asset: Asset) -> Job:
    return render_of(asset, source_url="https://cdn.example.org/a.mp4", lut_url=get_links().stable(asset.key))


def needed_by_a_task(asset: Asset) -> Job:
    body = {"source_url": get_links().stable(asset.key), "scale": 2}
    return create_task(workspace=asset.workspace, task_type="super_resolution", payload=body)


def needed_as_a_copy(asset: Asset) -> Job:
    job = render_of(asset, source_url="https://cdn.example.org/a.mp4")
    Job.objects.filter(id=job.id).update(copies={"https://cdn.example.org/a.mp4": asset.id})
    return job


def needed_through_an_import(asset: Asset) -> Job:
    fetched = imported(asset)
    return render_of(asset, source_url=get_links().stable(fetched.key))


def needed_by_who_still_waits_for_a_copy(asset: Asset) -> Job:
    job = render_of(asset, source_url="https://cdn.example.org/a.mp4")
    CopyUse.objects.create(source=imported(asset), waiter=job.id)
    return job


def imported(asset: Asset) -> Import:
    """An import that has become the asset, which is called otherwise."""
    return Import.objects.create(
        workspace=asset.workspace,
        url="https://cdn.example.org/a.mp4",
        key=f"{asset.workspace.id}/imports/import_1/a.mp4",
        status="stored",
        asset=asset,
        ended_at=clock.now(),
    )


def needed_through_a_signed_link(asset: Asset) -> Job:
    return render_of(asset, source_url=get_links().signed(asset.key, clock.now()))


def needed_as_a_font(asset: Asset) -> Job:
    Asset.objects.filter(id=asset.id).update(kind="font", info={"font_family": "House Sans"})
    text = {"type": "text", "text": "Hello", "duration": 1, "font_family": "house-sans, Inter"}
    return create_render(workspace=asset.workspace, payload={"duration": 1, "elements": [text]})


NEEDS = [
    needed_as_lut,
    needed_by_a_task,
    needed_as_a_copy,
    needed_through_an_import,
    needed_by_who_still_waits_for_a_copy,
    needed_through_a_signed_link,
    needed_as_a_font,
]


@pytest.mark.parametrize("need", NEEDS)
def test_every_way_to_need_an_asset_counts(alice: Person, make: Make, need: Callable[[Asset], Job]) -> None:
    asset = make(alice)
    job = need(asset)
    answer = alice.delete(path_of(asset))
    assert answer.status_code == 409
    assert job.id in answer.json()["error"]["message"]


def test_to_be_mentioned_is_not_to_be_needed(alice: Person, bob: Person, make: Make) -> None:
    asset, font = make(alice), make(alice, kind="font", info={"font_family": "House Sans"})
    url = get_links().stable(asset.key)
    text = {"type": "text", "text": url, "duration": 1}
    payload = {"duration": 1, "elements": [text], "metadata": {"first_cut": url, "font": font.id}}
    create_render(workspace=alice.workspace, payload=payload)
    # Bob may name it, but gets nothing for it.
    create_render(workspace=bob.workspace, payload={"elements": [{"type": "video", "source_url": url}]})
    assert [alice.delete(path_of(each)).status_code for each in (asset, font)] == [204, 204]


def test_use_is_noted_at_submission_and_not_all_the_time(
    alice: Person, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset, other = make(alice), make(alice)
    render_of(asset)
    first = Asset.objects.get(id=asset.id).last_used_at
    assert first is not None
    assert Asset.objects.get(id=other.id).last_used_at is None
    render_of(asset)
    assert Asset.objects.get(id=asset.id).last_used_at == first
    monkeypatch.setattr(clock, "now", lambda: first + USE_IS_NOTED_EVERY)
    needed_by_a_task(asset)
    assert Asset.objects.get(id=asset.id).last_used_at == first + USE_IS_NOTED_EVERY


def test_an_import_is_used_by_its_own_address(alice: Person, make: Make) -> None:
    asset = make(alice)
    needed_through_an_import(asset)
    assert Asset.objects.get(id=asset.id).last_used_at is not None


def test_fonts_are_used_by_their_family(alice: Person, make: Make) -> None:
    font = make(alice)
    needed_as_a_font(font)
    assert Asset.objects.get(id=font.id).last_used_at is not None


def test_nobody_uses_what_is_another_workspaces(alice: Person, bob: Person, make: Make) -> None:
    asset = make(alice)
    assert note_use(workspace=Workspace.objects.get(id=bob.workspace.id), urls=[get_links().stable(asset.key)]) == 0
    assert Asset.objects.get(id=asset.id).last_used_at is None


def test_deleting_what_is_gone_says_so(alice: Person, make: Make) -> None:
    asset = make(alice)
    assert [delete_asset(asset=asset), delete_asset(asset=asset)] == [True, False]
