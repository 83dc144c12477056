"""The ledger takes each job once, never changes, and adds up over periods."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from apps.billing.models import UsageRecord
from apps.billing.selectors import usage
from apps.billing.services import record_usage
from tests.people import Person


def at(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC)


def enter(person: Person, job_id: str, output_s: str = "1", kind: str = "render", day: int = 1) -> UsageRecord:
    record = record_usage(workspace_id=person.workspace.id, job_id=job_id, kind=kind, output_s=Decimal(output_s))
    UsageRecord.objects.filter(pk=record.pk).update(created_at=at(day))
    return record


def test_refuses_a_second_record_of_a_job(alice: Person) -> None:
    enter(alice, "render_1")
    with pytest.raises(IntegrityError):
        enter(alice, "render_1")


def test_refuses_changes(alice: Person) -> None:
    record = enter(alice, "render_1")
    record.output_s = Decimal(0)
    with pytest.raises(TypeError, match="append-only"):
        record.save()


def test_refuses_negative_lengths(alice: Person) -> None:
    with pytest.raises(IntegrityError):
        enter(alice, "render_1", output_s="-0.001")


def test_sums_a_period_whose_end_does_not_belong_to_it(alice: Person) -> None:
    enter(alice, "render_1", "1.5", day=1)
    enter(alice, "render_2", "2.25", day=2)
    enter(alice, "task_1", "10", kind="super_resolution", day=2)
    enter(alice, "render_3", "100", day=3)
    found = usage(workspace_id=alice.workspace.id, start=at(1), end=at(3))
    assert (found.output_s, found.renders_count, found.task_count) == (Decimal("13.75"), 2, 1)


def test_leaves_out_other_workspaces(alice: Person, bob: Person) -> None:
    enter(bob, "render_1", "5")
    found = usage(workspace_id=alice.workspace.id, start=at(1), end=at(3))
    assert (found.output_s, found.renders_count) == (Decimal(0), 0)
