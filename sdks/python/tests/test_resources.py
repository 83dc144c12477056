"""Every part of the client against the platform, at least once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import framelane
from framelane import AsyncFramelane, Framelane, ImportFailed, errors
from framelane.errors import NotFound
from live import CLIP, PATIENCE_S, SAMPLES, Clients, Faults, mailed_code, still
from servers import Receiver, Shelf


def test_lists_go_on_over_many_pages(newcomer: Any, faults: Faults) -> None:
    made = [newcomer.renders.create(still()).id for _ in range(7)]
    assert [job.id for job in newcomer.renders.list(limit=3)] == made[::-1]
    assert [
        ("cursor=" in each["query"], "limit=3" in each["query"]) for each in faults.seen("GET", "^/v1/renders$")
    ] == [
        (False, True),
        (True, True),
        (True, True),
    ]
    pages = list(newcomer.renders.list(limit=3).pages())
    assert [len(page.data) for page in pages] == [3, 3, 1]
    assert [page.has_more for page in pages] == [True, True, False]
    listed = newcomer.renders.list(limit=2)
    assert len(list(listed)) == len(list(listed)) == 7, "a list can be gone through again"


def test_only_the_pages_that_are_needed_are_fetched(client: Any, faults: Faults) -> None:
    for _ in range(3):
        client.renders.create(still())
    assert next(iter(client.renders.list(limit=1))).kind == "render"
    assert len(faults.seen("GET", "^/v1/renders$")) == 1


def test_lists_can_be_filtered(client: Any) -> None:
    client.renders.create_and_wait(still())
    assert {job.status for job in client.renders.list(status="completed")} == {"completed"}
    assert {asset.kind for asset in client.assets.list(kind="image", status="ready")} <= {"image"}
    with pytest.raises(errors.ValidationFailed):
        list(client.renders.list(status="beautiful"))
    with pytest.raises(errors.ValidationFailed):
        list(client.renders.list(limit=1000))


def test_a_picture_is_enlarged(client: Any, tmp_path: Path) -> None:
    logo = client.uploads.upload(SAMPLES / "logo.png")
    job = client.tasks.create_and_wait("super-resolution", source_url=logo.source_url, scale=1.5, timeout_s=PATIENCE_S)
    assert (job.task_type, job.status) == ("super_resolution", "completed")
    path = client.tasks.download(job, tmp_path / "large.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert job.id in [each.id for each in client.tasks.list(type="super-resolution", status="completed")]
    assert client.tasks.get(job.id).output.width == job.output.width


@pytest.mark.parametrize(
    ("method", "fields", "type"),
    [
        ("super_resolution", {"scale": 2}, "super_resolution"),
        ("remove_background", {"output": "color", "background_color": "#00ff00"}, "remove_background"),
        ("gaze_redirect", {"intensity": 0.5}, "gaze_redirect"),
        ("transcribe", {"language": "en", "speaker_labels": True, "word_boost": ["sea"]}, "transcribe"),
    ],
)
def test_every_task_is_submitted_and_cancelled(
    client: Any, clip_url: str, method: str, fields: dict[str, Any], type: str
) -> None:
    key = secrets.token_hex(8)
    told = {"source_url": clip_url, "metadata": {"a": "b"}, "idempotency_key": key, **fields}
    job = getattr(client.tasks, method)(**told)
    assert (job.task_type, job.metadata) == (type, {"a": "b"})
    assert getattr(client.tasks, method)(**told).id == job.id
    try:
        client.tasks.cancel(job)
    except errors.Conflict:
        assert client.tasks.get(job).status in ("completed", "failed")


def test_what_is_wrong_with_a_task_is_told_by_the_platform(client: Any, clip_url: str) -> None:
    with pytest.raises(errors.ValidationFailed, match="intensity"):
        client.tasks.gaze_redirect(source_url=clip_url, intensity=2)
    with pytest.raises(errors.MethodNotAllowed):
        client.tasks.create("make-beautiful", source_url=clip_url)


def test_speech_becomes_words_for_captions(client: Any) -> None:
    talk = client.uploads.upload(SAMPLES / "talk.mp4")
    job = client.tasks.create_and_wait("transcribe", source_url=talk.source_url, timeout_s=PATIENCE_S)
    transcript = client.tasks.transcript(job)
    assert transcript.text.split()[0] == transcript.words[0].text
    words = transcript.words_for_captions()
    assert len(words) == len(transcript.words) > 3
    assert words[1]["start"] == transcript.words[1].start / 1000
    film = framelane.Timeline(width=320, height=180).video(talk.source_url, id="talk").captions(words, style="glow")
    assert client.renders.validate(film).valid


def test_files_elsewhere_are_imported(client: Any, shelf: Shelf) -> None:
    made = client.imports.create(url=shelf.url("second.mp4"), filename="again.mp4")
    done = client.imports.wait(made, timeout_s=PATIENCE_S)
    assert (done.status, done.filename) == ("ready", "again.mp4")
    assert client.imports.get(made.id).source_url == done.source_url
    assert made.id in [each.id for each in client.imports.list(limit=5)]
    nowhere = client.imports.create(url=shelf.url("nothing.mp4"))
    with pytest.raises(ImportFailed, match=nowhere.id) as caught:
        client.imports.wait(nowhere, timeout_s=PATIENCE_S)
    assert caught.value.import_.status == "failed"


def test_assets_are_read_and_deleted(client: Any) -> None:
    upload = client.uploads.upload(CLIP, filename="short-lived.mp4")
    asset = next(each for each in client.assets.list(kind="video") if each.source_url == upload.source_url)
    ready = client.assets.wait(asset.id, timeout_s=PATIENCE_S)
    assert (ready.status, ready.filename, ready.width) == ("ready", "short-lived.mp4", 640)
    assert client.assets.get(asset).id == asset.id
    assert client.assets.delete(asset) is None
    with pytest.raises(NotFound):
        client.assets.get(asset)


def test_a_file_that_is_no_video_is_told_of(client: Any) -> None:
    upload = client.uploads.upload(b"this is not a film " * 100, filename="film.mp4")
    asset = next(each for each in client.assets.list() if each.source_url == upload.source_url)
    with pytest.raises(framelane.AssetFailed) as caught:
        client.assets.wait(asset, timeout_s=PATIENCE_S)
    assert caught.value.asset.error is not None


def test_webhooks_are_kept_and_their_deliveries_listed(client: Any, receiver: Receiver) -> None:
    made = client.webhooks.create(url=receiver.url, events=["render.completed"])
    assert made.secret.startswith("whsec_")
    assert made.id in [each.id for each in client.webhooks.list()]
    assert client.webhooks.get(made).events == ["render.completed"]
    changed = client.webhooks.update(made, events=["render.*"], enabled=True)
    assert changed.events == ["render.*"]
    client.webhooks.test(made, event_type="render.failed")
    sent = receiver.wait_for(lambda call: call.type == "render.failed")
    # Jobs of other tests may end now, and be told of as well.
    listed = client.webhooks.deliveries(made, limit=5)
    delivery = next(each for each in listed if each.event_id == sent.event_id)
    assert delivery.event_type == "render.failed"
    again = client.webhooks.redeliver(made, delivery.delivery_id)
    assert again.event_id == delivery.event_id
    receiver.wait_for(lambda call: call.event_id == sent.event_id, count=2)
    assert list(client.webhooks.deliveries(made, status="dead")) == []
    assert client.webhooks.rotate_signing_secret().secret.startswith("whsec_")
    assert client.webhooks.delete(made) is None
    with pytest.raises(NotFound):
        client.webhooks.get(made)


def test_keys_are_made_rotated_and_revoked(client: Any, clients: Clients) -> None:
    until = datetime.now(timezone.utc) + timedelta(days=1)
    made = client.api_keys.create(name="robot", scopes=["workspace:read"], expires_at=until)
    assert made.key.startswith("fl_live_")
    assert abs(made.expires_at - until) < timedelta(seconds=1)
    assert clients(api_key=made.key).workspace.get().name == "SDKs"
    fresh = client.api_keys.rotate(made, overlap_s=0)
    with pytest.raises(errors.Unauthorized):
        clients(api_key=made.key).workspace.get()
    assert clients(api_key=fresh.key).workspace.get().name == "SDKs"
    assert fresh.id in [each.id for each in client.api_keys.list()]
    assert client.api_keys.revoke(fresh) is None
    with pytest.raises(errors.Unauthorized):
        clients(api_key=fresh.key).workspace.get()


def test_a_workspace_begins_and_ends(clients: Clients) -> None:
    email = f"{secrets.token_hex(6)}@example.com"
    anybody = clients()
    made = anybody.signup.create(workspace_name="Short", email=email)
    mailed_code(email)  # mails that are sent at the same time may overtake each other
    assert anybody.signup.resend(email=email).verification == "pending"
    with pytest.raises(errors.ValidationFailed):
        anybody.signup.verify(email=email, otp_code="abc")
    mine = clients(api_key=made.api_key.key)
    assert mine.workspace.get().verified is False
    assert anybody.signup.verify(email=email, otp_code=mailed_code(email, mails_at_least=2)).workspace.verified is True
    assert mine.workspace.update(name="Shorter").name == "Shorter"
    assert mine.workspace.usage("7d").renders_count == 0
    assert mine.workspace.usage().render_minutes_limit == 25
    assert mine.billing.subscription().plan == "free"
    with pytest.raises(errors.ValidationFailed):
        mine.workspace.delete(confirm="ws_other")
    assert mine.workspace.delete(confirm=made.workspace.id).workspace_id == made.workspace.id
    with pytest.raises(errors.Unauthorized):
        mine.workspace.get()


def test_plans_and_capabilities_are_for_everybody(clients: Clients) -> None:
    anybody = clients(api_key=None)
    assert [plan.id for plan in anybody.billing.plans()] == ["free", "pro", "enterprise"]
    can = anybody.capabilities.get()
    assert {"mp4", "webm"} <= {entry.type for entry in can.output_formats}
    assert all(effect.supported or effect.reason for effect in can.effects)


def test_billing_leads_to_the_pages_of_the_payment_service(client: Any, faults: Faults) -> None:
    """The stand has no payment service: what its answer looks like is the document's."""
    for path in ("checkout", "portal"):
        faults.answer("POST", f"^/v1/billing/{path}$", 200, {"url": f"https://pay.example.com/{path}"})
    assert client.billing.checkout(plan="pro").url == "https://pay.example.com/checkout"
    assert client.billing.portal(return_url="https://example.com").url == "https://pay.example.com/portal"
    with pytest.raises(errors.NotConfigured):
        client.billing.portal()


def test_both_clients_have_the_same_parts_and_methods() -> None:
    blocking, waiting = Framelane(base_url="http://localhost"), AsyncFramelane(base_url="http://localhost")
    parts = {name for name in vars(blocking) if not name.startswith("_")}
    assert parts == {name for name in vars(waiting) if not name.startswith("_")}
    for part in parts:
        assert methods_of(getattr(blocking, part)) == methods_of(getattr(waiting, part))


def methods_of(part: object) -> dict[str, str]:
    import inspect

    named = {name: getattr(part, name) for name in dir(part) if not name.startswith("_")}
    return {name: str(inspect.signature(method)).replace("Async", "") for name, method in named.items()}


def test_a_client_of_ones_own_is_used_and_left_open(clip_url: str) -> None:
    import httpx

    with httpx.Client(headers={"X-Own": "1"}) as own:
        with Framelane(http_client=own) as client:
            assert client.workspace.get().name == "SDKs"
        assert not own.is_closed
    with Framelane() as client:
        client.workspace.get()
    with pytest.raises(RuntimeError, match="closed"):
        client.workspace.get()
