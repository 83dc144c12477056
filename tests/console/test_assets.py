"""The library of assets in the console."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.console.assets.facts import facts_of, player_of, snippet_of
from apps.jobs.models import Job, Kind
from apps.jobs.timing import deadline
from apps.previews.models import Preview
from apps.uploads.assets.selectors import SEARCHED
from apps.uploads.imports.lifecycle import begin
from apps.uploads.models import Asset, EgressDay, Import, ImportStatus
from apps.uploads.receiving import receive_file
from apps.uploads.schemas import UploadRequest
from framelane.lib import clock, ids
from framelane.lib.storage import Store, get_links
from gpu_tasks.timeline.lint import parse_render
from tests.console.people import signed_in
from tests.people import Person
from tests.uploads.conftest import store as store
from tests.uploads.files import mp4_like

pytestmark = pytest.mark.django_db

HOSTILE = [
    '"><script>alert(1)</script>.mp4',
    "{{7*7}}{% load static %}.mp4",
    "</textarea></title>.mp4",
    "' onfocus=alert(1) x='.mp4",
    "W" * 251 + ".mp4",
    "🎬.mp4",
]


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def asset_of(person: Person, filename: str = "clip.mp4", **fields: Any) -> Asset:
    kind = fields.setdefault("kind", "video")
    known = {
        "status": "ready",
        "content_type": {"video": "video/mp4", "audio": "audio/mpeg", "image": "image/png", "font": "font/ttf"}[kind],
        "key": f"{person.workspace.id}/uploads/{ids.new_id('asset')}.{filename.rpartition('.')[2] or 'mp4'}",
        "size_bytes": 1000,
        "received_at": clock.now(),
        "expires_at": clock.now() + timedelta(hours=1),
    }
    return Asset.objects.create(workspace=person.workspace, filename=filename, **known | fields)


def stored(person: Person, content: bytes = b"", filename: str = "clip.mp4") -> Asset:
    content = content or mp4_like(1000)
    wanted = UploadRequest(content_type="video/mp4", filename=filename)
    asset = receive_file(workspace=person.workspace, request=wanted, blocks=[content], size_bytes=len(content))
    Asset.objects.filter(id=asset.id).update(status="ready", probe_due_at=None)
    asset.refresh_from_db()
    return asset


def reading_job(person: Person, asset: Asset) -> Job:
    return Job.objects.create(
        id=ids.new_id("task"),
        workspace=person.workspace,
        kind=Kind.TASK,
        task_type="super_resolution",
        request={"source_url": get_links().stable(asset.key)},
        queue="task.super_resolution",
        deadline=deadline(),
    )


def names_on(page: str) -> list[str]:
    return re.findall(r'class="title" title="([^"]*)"', page)


# --- The list -------------------------------------------------------------------------------------------------------


def test_assets_are_listed_newest_first(owner: Client, alice: Person, bob: Person) -> None:
    for name in ("first.mp4", "second.mp4"):
        asset_of(alice, name)
    asset_of(bob, "of-bob.mp4")
    assert names_on(owner.get("/console/assets").content.decode()) == ["second.mp4", "first.mp4"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=image", ["poster.png"]),
        ("status=failed", ["broken.mp4"]),
        ("q=OST", ["poster.png"]),
        ("q=clip&kind=image", []),
        ("q=%25", []),
        ("kind=&status=&q=", ["poster.png", "broken.mp4", "clip.mp4"]),
    ],
)
def test_filters(owner: Client, alice: Person, query: str, found: list[str]) -> None:
    asset_of(alice, "clip.mp4")
    asset_of(alice, "broken.mp4", status="failed", error={"code": "invalid_source", "message": "not a film"})
    asset_of(alice, "poster.png", kind="image")
    assert names_on(owner.get(f"/console/assets?{query}").content.decode()) == found


@pytest.mark.parametrize("query", ["kind=cake", "status=1", "q=" + "x" * 101, "q=%00"])
def test_filters_that_make_no_sense_are_named(owner: Client, alice: Person, query: str) -> None:
    asset_of(alice)
    answer = owner.get(f"/console/assets?{query}")
    assert answer.status_code == 200
    assert 'class="errors" role="alert"' in answer.content.decode()


def test_an_id_is_found(owner: Client, alice: Person) -> None:
    wanted, _ = asset_of(alice, "one.mp4"), asset_of(alice, "two.mp4")
    assert names_on(owner.get(f"/console/assets?q={wanted.id}").content.decode()) == ["one.mp4"]


def test_pages_follow_each_other(owner: Client, alice: Person) -> None:
    for number in range(30):
        asset_of(alice, f"{number:02}.mp4")
    first = owner.get("/console/assets?kind=video").content.decode()
    older = re.search(r'href="(\?[^"]*cursor[^"]*)"', first)
    assert older is not None
    second = owner.get("/console/assets" + older[1].replace("&amp;", "&")).content.decode()
    assert names_on(first) + names_on(second) == [f"{number:02}.mp4" for number in reversed(range(30))]
    assert owner.get("/console/assets?cursor=nonsense").status_code == 400


def test_hostile_names_are_inert(owner: Client, alice: Person) -> None:
    for name in HOSTILE:
        asset = asset_of(alice, name)
        page = owner.get(f"/console/assets/{asset.id}").content.decode()
        assert "<script>alert" not in page
        assert "</textarea>" not in page
        assert "' onfocus" not in page
        assert "49{%" not in page
    listed = owner.get("/console/assets").content.decode()
    assert "<script>alert" not in listed
    assert "</textarea>" not in listed
    assert len(names_on(listed)) == len(HOSTILE)


def many(person: Person, count: int) -> None:
    now = clock.now()
    Asset.objects.bulk_create(
        Asset(
            workspace=person.workspace,
            key=f"{person.workspace.id}/uploads/{number}.mp4",
            kind="video",
            status="ready",
            content_type="video/mp4",
            filename=f"{number}.mp4",
            created_at=now - timedelta(seconds=number),
            expires_at=now,
            received_at=now,
        )
        for number in range(count)
    )
    made = Asset.objects.filter(workspace=person.workspace)
    previews = [Preview(subject_id=asset.id, workspace=person.workspace, source_key=asset.key) for asset in made]
    Preview.objects.bulk_create(previews)


def test_a_search_ends_after_the_newest(
    owner: Client, alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many(alice, SEARCHED + 5)
    last = SEARCHED - 1
    assert names_on(owner.get(f"/console/assets?q={last}.mp4").content.decode()) == [f"{last}.mp4"]
    assert names_on(owner.get(f"/console/assets?q={SEARCHED + 1}.mp4").content.decode()) == []


# --- What is on its way ---------------------------------------------------------------------------------------------


def test_only_what_is_on_its_way_is_asked_for_again(owner: Client, alice: Person) -> None:
    asset_of(alice, "done.mp4", received_at=clock.now() - timedelta(days=1))
    asset_of(alice, "given up.mp4", status="pending", expires_at=clock.now() - timedelta(hours=1))
    assert 'hx-trigger="every' not in owner.get("/console/assets").content.decode()
    coming = asset_of(alice, "coming.mp4", status="processing")
    page = owner.get("/console/assets").content.decode()
    assert f'hx-get="/console/assets/live?ids={coming.id}&amp;imports="' in page


def test_the_fragment_draws_what_has_changed(owner: Client, alice: Person, bob: Person) -> None:
    mine, foreign = asset_of(alice, "mine.mp4", status="processing"), asset_of(bob, "of-bob.mp4")
    address = f"/console/assets/live?ids={mine.id},{foreign.id},nonsense&imports="
    fragment = owner.get(address).content.decode()
    assert names_on(fragment) == ["mine.mp4"]
    assert "hx-swap-oob" in fragment
    Asset.objects.filter(id=mine.id).update(status="failed", error={"code": "invalid_source", "message": "no"})
    settled = owner.get(address).content.decode()
    assert "failed" in settled
    assert "hx-trigger" not in settled


def test_an_import_is_shown_until_it_has_ended(owner: Client, alice: Person) -> None:
    row = begin(workspace=alice.workspace, url="https://cdn.example.org/talk.mp4?token=secret", requested=True)
    page = owner.get("/console/assets").content.decode()
    assert "https://cdn.example.org/talk.mp4" in page
    assert "secret" not in page
    address = f"/console/assets/live?ids=&imports={row.id}"
    assert "HX-Trigger" not in owner.get(address).headers
    Import.objects.filter(id=row.id).update(
        status=ImportStatus.FAILED, due_at=None, ended_at=clock.now(), error={"code": "timeout", "message": "late"}
    )
    assert owner.get(address).headers["HX-Trigger"] == "uploaded"


# --- One asset ------------------------------------------------------------------------------------------------------


def test_facts_and_the_address(owner: Client, alice: Person) -> None:
    info = {
        "kind": "video",
        "frame_rate": "30000/1001",
        "video_codec": "h264",
        "audio_codec": "aac",
        "has_audio": True,
        "has_alpha": False,
        "rotation": 90,
    }
    asset = asset_of(alice, width=1080, height=1920, duration=12.5, info=info)
    facts = dict(facts_of(asset))
    assert facts["Dimensions"] == "1080 × 1920 pixels"
    assert (facts["Duration"], facts["Frame rate"]) == ("12 s", "29.97 frames a second")
    assert (facts["Picture"], facts["Sound"], facts["Turned by"]) == ("H.264", "AAC", "90° (shown upright)")
    page = owner.get(f"/console/assets/{asset.id}").content.decode()
    assert get_links().stable(asset.key) in page
    assert "<video controls" in page


@pytest.mark.parametrize(
    ("fields", "player"),
    [
        ({"info": {"video_codec": "h264"}}, "video"),
        ({"info": {"video_codec": "prores"}, "content_type": "video/quicktime"}, ""),
        ({"content_type": "video/x-matroska", "info": {"video_codec": "h264"}}, ""),
        ({"kind": "audio"}, "audio"),
        ({"kind": "image"}, "image"),
        ({"kind": "image", "content_type": "image/tiff"}, ""),
        ({"kind": "font"}, ""),
    ],
)
def test_browsers_get_what_they_can_play(alice: Person, fields: dict[str, Any], player: str) -> None:
    assert player_of(asset_of(alice, **fields)) == player


@pytest.mark.parametrize(
    "fields",
    [
        {"width": 1920, "height": 1080, "duration": 3.0},
        {"width": 4, "height": 20_000},
        {"kind": "audio", "filename": "a.mp3"},
        {"kind": "image", "filename": "a.png"},
        {"kind": "font", "filename": "a.ttf", "info": {"font_family": 'Odd "name"'}},
    ],
)
def test_the_snippet_is_a_render(alice: Person, fields: dict[str, Any]) -> None:
    parse_render(json.loads(snippet_of(asset_of(alice, **fields))))


def test_what_renders_do_not_take_has_no_snippet(owner: Client, alice: Person) -> None:
    asset = asset_of(alice, "a.mkv", content_type="video/x-matroska")
    assert snippet_of(asset) == ""
    assert "can be the source of a task" in owner.get(f"/console/assets/{asset.id}").content.decode()


def test_a_failed_asset_says_why(owner: Client, alice: Person) -> None:
    error = {"code": "codec_unsupported", "message": "the codec <b>x</b> is unknown"}
    page = owner.get(f"/console/assets/{asset_of(alice, status='failed', error=error).id}").content.decode()
    assert "The codec &lt;b&gt;x&lt;/b&gt; is unknown" in page
    assert "Download" not in page


def test_downloads_go_to_a_signed_address(owner: Client, alice: Person, store: Store) -> None:
    asset = stored(alice, filename="my holiday.mp4")
    answer = owner.get(f"/console/assets/{asset.id}/download")
    assert answer.status_code == 302
    assert "filename=my+holiday.mp4" in answer["Location"] or "filename=my%20holiday.mp4" in answer["Location"]
    assert not EgressDay.objects.exists()
    pending = asset_of(alice, status="pending", received_at=None)
    assert owner.get(f"/console/assets/{pending.id}/download").status_code == 409


def test_deleting_takes_the_file_too(owner: Client, alice: Person, store: Store) -> None:
    asset = stored(alice)
    assert owner.post(f"/console/assets/{asset.id}/delete").status_code == 302
    assert not Asset.objects.filter(id=asset.id).exists()
    assert not store.exists(asset.key)


def test_what_a_job_reads_is_not_deleted_and_the_job_named(owner: Client, alice: Person, store: Store) -> None:
    asset = stored(alice)
    job = reading_job(alice, asset)
    answer = owner.post(f"/console/assets/{asset.id}/delete")
    assert answer.status_code == 409
    assert job.id in answer.content.decode()
    assert store.exists(asset.key)


@pytest.mark.parametrize("suffix", ["", "/status", "/live", "/download", "/delete"])
@pytest.mark.parametrize("asset_id", [lambda asset: asset.id, lambda _: "asset_nonsense", lambda _: "x" * 500])
def test_assets_of_others_are_unknown(
    owner: Client, bob: Person, suffix: str, asset_id: Callable[[Asset], str]
) -> None:
    asset = asset_of(bob)
    address = f"/console/assets/{asset_id(asset)}{suffix}"
    answer = owner.post(address) if suffix == "/delete" else owner.get(address)
    assert answer.status_code == 404
    assert Asset.objects.filter(id=asset.id).exists()


def test_members_bring_in_and_delete_assets(alice: Person, store: Store) -> None:
    member, asset = signed_in(alice, "member", email="m@example.org"), stored(alice)
    assert member.get("/console/assets").status_code == 200
    assert member.post(f"/console/assets/{asset.id}/delete").status_code == 302


def test_strangers_have_to_sign_in(alice: Person) -> None:
    for address in ("/console/assets", f"/console/assets/{asset_of(alice).id}", "/console/assets/live"):
        assert Client().get(address).status_code == 302


# --- Imports --------------------------------------------------------------------------------------------------------


def test_an_import_begins(owner: Client, alice: Person) -> None:
    entered = {"url": "https://cdn.example.org/a.mp4", "filename": "Talk.mp4"}
    assert owner.post("/console/assets/import", entered).status_code == 302
    row = Import.objects.get(workspace=alice.workspace)
    assert (row.url, row.filename, row.requested) == ("https://cdn.example.org/a.mp4", "Talk.mp4", True)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "Enter the address"),
        ("ftp://example.org/a.mp4", "is not a URL"),
        ("javascript:alert(1)", "is not a URL"),
        ("https://" + "x" * 2100, "at most 2083"),
        ("OWN", "This file is here already"),
    ],
)
def test_imports_are_refused_beside_the_field(owner: Client, alice: Person, url: str, why: str) -> None:
    own = get_links().stable(f"{alice.workspace.id}/uploads/a.mp4")
    answer = owner.post("/console/assets/import", {"url": own if url == "OWN" else url})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Import.objects.exists()


def test_a_workspace_that_is_not_verified_brings_nothing_in(owner: Client, alice: Person) -> None:
    alice.workspace.verified_at = None
    alice.workspace.save()
    assert owner.get("/console/assets").status_code == 200
    assert owner.post("/console/assets/import", {"url": "https://cdn.example.org/a.mp4"}).status_code == 403
    assert not Import.objects.exists()
