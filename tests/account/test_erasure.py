"""A deleted workspace leaves nothing behind but the proof, whatever breaks on the way; others lose nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import models
from pytest_django import Settings

from apps.account import erasure, tables, tasks
from apps.account.erasure import erase, request_erasure, second_look_s
from apps.billing.services import record_usage
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.submit import create_render
from apps.uploads.egress import note_delivery
from apps.uploads.models import Asset
from apps.workspaces import erasures
from apps.workspaces.models import Erasure, Identity, Membership, Workspace
from framelane.api.models import IdempotencyRecord
from framelane.lib import clock, ids
from framelane.lib.storage import SessionGone, StorageError, get_store
from tests.people import Person
from tests.storage_emulator import bucket as bucket
from tests.storage_emulator import emulator as emulator

pytestmark = pytest.mark.django_db
SCENE = {"duration": 2, "elements": [{"type": "text", "text": "Hello", "duration": 2}]}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> None:
    settings.STORAGE_URL = (tmp_path / "store").as_uri()


Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets so many seconds pass, and the sweep run."""
    now = clock.now
    passed = [0.0]

    def wait(seconds: float) -> None:
        passed[0] += seconds
        monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=passed[0]))
        sweep()

    return wait


def sweep() -> None:
    """What a worker does for every erasure that is due."""
    for workspace_id in erasures.due():
        tasks.erase(workspace_id)


def put(person: Person, name: str, folder: Path) -> str:
    key = f"{person.workspace.id}/{name}"
    (folder / "content").write_bytes(b"moving pictures")
    get_store().put_file(key, folder / "content", "video/mp4")
    return key


@pytest.fixture
def furnished(tmp_path: Path) -> Callable[[Person], None]:
    """Gives somebody rows in many tables, and objects."""

    def fill(person: Person) -> None:
        person.post("/v1/renders", SCENE, headers={"Idempotency-Key": "one"})
        person.post("/v1/uploads", {"content_type": "video/mp4"})
        key = put(person, "uploads/clip.mp4", tmp_path)
        Asset.objects.create(workspace=person.workspace, key=key, kind="video", status="ready", expires_at=clock.now())
        for number in range(3):
            put(person, f"renders/render_1/attempt-1/part-{number}.mp4", tmp_path)
        note_delivery(workspace_id=person.workspace.id, size_bytes=10)
        record_usage(workspace_id=person.workspace.id, job_id=ids.new_id("render"), kind="render", output_s=Decimal(1))
        user = User.objects.create_user(person.workspace.email, person.workspace.email)
        Membership.objects.create(workspace=person.workspace, user=user)
        staff = User.objects.create_superuser(f"staff for {person.workspace.name}")
        LogEntry.objects.log_actions(staff.id, Workspace.objects.filter(id=person.workspace.id), CHANGE)
        Identity.objects.create(issuer="https://issuer.example", subject=person.workspace.email, user=user)

    return fill


def counts(person: Person) -> dict[str, int]:
    """Rows of a workspace by table."""
    found = {table.name: table.rows(person.workspace.id).count() for table in tables.tables()}
    return {name: count for name, count in found.items() if count}


def objects(person: Person) -> list[str]:
    return list(get_store().list(f"{person.workspace.id}/"))


def columns_that_mention(text: str) -> set[str]:
    """Every table with a value in which `text` occurs: the whole database is looked through."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.ForeignKey):
                as_text = models.functions.Cast(field.attname, models.TextField())
                if model._base_manager.annotate(as_text=as_text).filter(as_text__contains=text).exists():
                    found.add(f"{model._meta.label}.{field.name}")
    return found


def test_nothing_is_left_but_the_proof(
    alice: Person, bob: Person, furnished: Callable[[Person], None], later: Later
) -> None:
    furnished(alice)
    furnished(bob)
    hers, his, his_objects = counts(alice), counts(bob), objects(bob)
    asset = Asset.objects.get(workspace=alice.workspace, status="pending")
    request_erasure(workspace=alice.workspace)
    later(0)
    assert objects(alice) == []
    assert columns_that_mention(alice.workspace.id) == {"workspaces.Erasure.workspace_id"}
    assert columns_that_mention("alice@example.org") == set()
    with pytest.raises(SessionGone):
        get_store().upload_offset(asset.upload_session)
    assert Erasure.objects.get().completed_at is None
    later(second_look_s() + 1)
    proof = Erasure.objects.get()
    assert proof.completed_at is not None
    assert (proof.objects_deleted, proof.failures) == (4, 0)
    assert hers.items() <= proof.rows_deleted.items()
    assert proof.rows_deleted["workspaces_workspace"] == proof.rows_deleted["auth_user"] == 1
    assert proof.rows_deleted["framelane_api_idempotencyrecord"] == 1
    assert (counts(bob), objects(bob)) == (his, his_objects)


@pytest.mark.parametrize("survived", [0, 1, 3])
def test_a_store_that_fails_half_way_is_tried_again_and_counted_once(
    alice: Person,
    furnished: Callable[[Person], None],
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
    survived: int,
) -> None:
    furnished(alice)
    left = [survived]
    delete = type(get_store()).delete

    def fail(store: Any, key: str) -> None:
        if not left[0]:
            raise StorageError("away")
        left[0] -= 1
        delete(store, key)

    request_erasure(workspace=alice.workspace)
    with monkeypatch.context() as patch:
        patch.setattr(type(get_store()), "delete", fail)
        later(0)
    broken = Erasure.objects.get()
    assert (broken.failures, broken.objects_deleted, broken.completed_at) == (1, survived, None)
    assert Workspace.objects.filter(id=alice.workspace.id).exists()
    later(0)
    assert Erasure.objects.get().failures == 1
    later(6)
    assert objects(alice) == []
    later(second_look_s() + 1)
    proof = Erasure.objects.get()
    assert proof.completed_at is not None
    assert (proof.objects_deleted, proof.rows_deleted["uploads_asset"]) == (4, 2)


def test_nothing_is_forgotten_here_before_the_customer_is_forgotten_at_stripe(
    alice: Person, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Stripe's side of it does: tests/billing/test_stripe_states.py."""
    asked: list[str] = []

    def forget(workspace: Workspace) -> bool:
        asked.append(workspace.id)
        if len(asked) == 1:
            raise ConnectionError("Stripe is away")
        return True

    monkeypatch.setattr(erasure, "forget_customer", forget)
    request_erasure(workspace=alice.workspace)
    later(0)
    assert Workspace.objects.filter(id=alice.workspace.id).exists()
    later(6)
    later(second_look_s() + 1)
    assert asked == [alice.workspace.id] * 2
    assert (Erasure.objects.get().failures, Workspace.objects.count()) == (1, 0)


class Killed(BaseException):
    """The process has died; nobody catches this."""


@pytest.mark.parametrize("moment", [0, 3, 7, 12])
def test_a_process_that_dies_anywhere_is_succeeded(
    alice: Person, furnished: Callable[[Person], None], later: Later, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    furnished(alice)
    hers = counts(alice)
    deaths, delete_batch = [moment], erasure._delete_batch

    def die(*args: Any) -> bool:
        if not deaths[0]:
            raise Killed
        deaths[0] -= 1
        return delete_batch(*args)

    request_erasure(workspace=alice.workspace)
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_delete_batch", die)
        with pytest.raises(Killed):
            later(0)
    later(0)
    assert Erasure.objects.get().completed_at is None
    later(erasures.LEASE_S + 1)
    later(second_look_s() + 1)
    proof = Erasure.objects.get()
    assert proof.completed_at is not None
    assert hers.items() <= proof.rows_deleted.items()
    assert columns_that_mention(alice.workspace.id) == {"workspaces.Erasure.workspace_id"}


# --- Workers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(alice: Person) -> attempts.Claim:
    held = attempts.claim(create_render(workspace=alice.workspace, payload=SCENE).id, worker="worker-1")
    assert held is not None
    return held


def test_nothing_is_deleted_while_a_worker_is_still_at_it(
    alice: Person, claim: attempts.Claim, later: Later, tmp_path: Path
) -> None:
    request_erasure(workspace=alice.workspace)
    later(0)
    put(alice, f"renders/{claim.job_id}/attempt-1/output.mp4", tmp_path)
    assert Workspace.objects.filter(id=alice.workspace.id).exists()
    assert not attempts.complete(claim, attempts.Output(key="k", size_bytes=1))
    attempts.confirm_cancel(claim)
    assert Job.objects.get(id=claim.job_id).status == Status.CANCELLED
    later(erasure.POLL_S + 1)
    assert objects(alice) == []
    assert not Workspace.objects.filter(id=alice.workspace.id).exists()


def test_what_a_lost_worker_puts_back_is_found_by_the_second_look(
    alice: Person, claim: attempts.Claim, later: Later, tmp_path: Path, settings: Settings
) -> None:
    request_erasure(workspace=alice.workspace)
    later(settings.FRAMELANE_JOB_LEASE_S + 1)
    assert not Workspace.objects.filter(id=alice.workspace.id).exists()
    put(alice, f"renders/{claim.job_id}/attempt-1/output.mp4", tmp_path)
    assert attempts.look(claim) is attempts.Standing.LOST
    later(second_look_s() + 1)
    assert objects(alice) == []
    assert (Erasure.objects.get().completed_at, Erasure.objects.get().objects_deleted) == (None, 1)
    later(second_look_s() + 1)
    assert Erasure.objects.get().completed_at is not None


def test_a_job_that_slipped_in_is_stopped_too(alice: Person, later: Later) -> None:
    """Its request had passed the check of its key before the workspace was shut."""
    request_erasure(workspace=alice.workspace)
    late = create_render(workspace=alice.workspace, payload=SCENE)
    assert late.status == Status.QUEUED
    later(0)
    assert not Job.objects.exists()


def test_an_open_upload_takes_nothing_more(alice: Person) -> None:
    from tests.uploads.files import Upload, mp4_like

    upload = Upload(alice)
    assert upload.piece(mp4_like(100), 0, 50).status_code == 308
    request_erasure(workspace=alice.workspace)
    assert upload.piece(mp4_like(100), 50, 100, 100).status_code == 404
    assert objects(alice) == []


def test_asking_twice_is_asking_once(alice: Person, later: Later) -> None:
    first = request_erasure(workspace=alice.workspace)
    assert request_erasure(workspace=alice.workspace) == first
    later(0)
    later(second_look_s() + 1)
    done = Erasure.objects.get().completed_at
    tasks.erase(alice.workspace.id)
    erase(workspace_id="ws_unknown")
    assert Erasure.objects.get().completed_at == done


def test_the_sweep_hints_at_what_is_due(alice: Person, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(erasure, "hint", lambda task, *args, queue: sent.append((task, *args)))
    tasks.sweep()
    assert sent == []
    request_erasure(workspace=alice.workspace)
    sent.clear()
    tasks.sweep()
    assert sent == [("apps.account.tasks.erase", alice.workspace.id)]


# --- People ---------------------------------------------------------------------------------------------------------


def test_people_stay_who_belong_elsewhere_or_to_the_staff(alice: Person, bob: Person, later: Later) -> None:
    leaving, shared, staff = (User.objects.create_user(name) for name in ("leaving", "shared", "staff"))
    User.objects.filter(id=staff.id).update(is_staff=True)
    for user in (leaving, shared, staff):
        Membership.objects.create(workspace=alice.workspace, user=user)
    Membership.objects.create(workspace=bob.workspace, user=shared)
    request_erasure(workspace=alice.workspace)
    later(0)
    assert set(User.objects.values_list("username", flat=True)) == {"shared", "staff"}
    assert list(Membership.objects.values_list("workspace", "user")) == [(bob.workspace.id, shared.id)]


# --- Tables ---------------------------------------------------------------------------------------------------------

WITHOUT_WORKSPACE = {
    # The proof itself.
    "workspaces.Erasure",
    # What the staff did, by ids and values; it says who asked for the erasure, too.
    "audit.AuditEntry",
    # People, and how issuers know them: they go with their last workspace.
    "workspaces.Identity",
    # Which notices of Stripe's were seen: their ids and types.
    "billing.StripeEvent",
    # How often an address on the network or a keyed hash of one in the mail signed up; forgotten within hours.
    "signup.Allowance",
    # The clocks of the queues.
    "jobs.FairQueue",
    # Counters of the whole installation, whose labels name no workspace.
    "tallies.Tally",
    # Processes of the installation.
    "operations.WorkerNode",
}


def belongs_by_cascade(model: type[models.Model], covered: set[type[models.Model]]) -> bool:
    """Whether rows go when a row goes that belongs to a workspace."""
    return any(
        field.related_model in covered and field.remote_field.on_delete is models.CASCADE and not field.null
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    )


def test_no_table_of_ours_is_forgotten() -> None:
    covered = {table.model for table in tables.tables()}
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in ("apps", "framelane")]
    for model in ours:
        if model not in covered and not belongs_by_cascade(model, covered):
            assert model._meta.label in WITHOUT_WORKSPACE, f"{model._meta.label} holds whose rows?"


def test_every_column_that_names_a_workspace_is_covered() -> None:
    covered = {table.model for table in tables.tables()} | tables.KEPT
    naming = [
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if "workspace" in field.name or field.related_model is Workspace
    ]
    assert {IdempotencyRecord, Event, Job, Asset, Membership} <= set(naming)
    for model in naming:
        assert model in covered, f"{model._meta.label} names a workspace and is not erased with it"


def test_tables_that_refer_to_others_come_first() -> None:
    ordered = [table.model for table in tables.tables()]
    assert ordered[-1] is Workspace
    for model in ordered:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in ordered and field.related_model is not model:
                assert ordered.index(model) < ordered.index(field.related_model)


# --- A bucket -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bucket")
def test_a_bucket_is_emptied_and_its_sessions_are_closed(
    alice: Person, bob: Person, furnished: Callable[[Person], None], later: Later
) -> None:
    furnished(alice)
    furnished(bob)
    his = objects(bob)
    session = Asset.objects.get(workspace=alice.workspace, status="pending").upload_session
    request_erasure(workspace=alice.workspace)
    later(0)
    assert httpx.put(session.handle, content=b"more").status_code in (404, 410, 499)
    assert (objects(alice), objects(bob)) == ([], his)
    later(second_look_s() + 1)
    assert (Erasure.objects.get().objects_deleted, Erasure.objects.get().failures) == (4, 0)
