"""Workers tell of themselves, and of their graphics cards."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError
from rest_framework.test import APIClient

from apps.operations import heartbeat
from apps.operations.heartbeat import Heartbeat, Identity, tell
from apps.operations.models import WorkerNode
from apps.operations.nodes import FORGOTTEN_AFTER, UP_FOR, forget_gone, is_up, live_nodes, nodes
from framelane.lib import clock
from gpu_tasks import cards
from gpu_tasks.cards import CardMemory, memory_of_cards, parse_memory, visible_cards
from tests.operations.reading import scrape, value

CARD = CardMemory(0, "NVIDIA H200", 3 * 1024**3, 141 * 1024**3)
WHO = Identity(name="gpu0@render-1", queues=("render", "preview"), concurrency=1)
LISTING = """0, NVIDIA H200, 3072, 143771, GPU-6f0c
1, NVIDIA H200, [N/A], 143771, GPU-77aa
No devices were found
3, NVIDIA L4, 0, 23034, GPU-90be
"""


def gone(name: str, ago: timedelta) -> None:
    tell(Identity(name=name, queues=("io",), concurrency=2), busy=0, cards=())
    WorkerNode.objects.filter(name=name).update(seen_at=clock.now() - ago)


@pytest.mark.django_db
def test_a_worker_and_its_card_are_shown(anonymous: APIClient) -> None:
    tell(WHO, busy=1, cards=(CARD,))
    samples = scrape(anonymous)
    worker = {"worker": "gpu0@render-1", "kind": "gpu"}
    assert value(samples, "framelane_worker_up", **worker) == 1
    assert value(samples, "framelane_worker_slots", **worker) == 1
    assert value(samples, "framelane_worker_busy_slots", **worker) == 1
    assert value(samples, "framelane_worker_disk_free_bytes", **worker) > 0
    card = {"host": "render-1", "gpu": "0", "name": "NVIDIA H200"}
    assert value(samples, "framelane_gpu_memory_used_bytes", **card) == CARD.used_bytes
    assert value(samples, "framelane_gpu_memory_total_bytes", **card) == CARD.total_bytes
    served = {name: value(samples, "framelane_queue_workers", queue=name) for name in ("render", "preview", "io")}
    assert served == {"render": 1, "preview": 1, "io": 0}
    assert {queue.name for queue in current_app.conf.task_queues} == {
        dict(labels)["queue"] for name, labels in samples if name == "framelane_queue_workers"
    }


@pytest.mark.django_db
def test_a_worker_has_one_row_whatever_it_tells() -> None:
    for busy in range(3):
        tell(WHO, busy=busy, cards=())
    assert [(node.name, node.busy, node.gpus) for node in nodes()] == [("gpu0@render-1", 2, [])]


@pytest.mark.django_db
def test_a_silent_worker_is_down_and_later_forgotten(anonymous: APIClient) -> None:
    gone("io@a", UP_FOR + timedelta(seconds=1))
    gone("io@b", UP_FOR - timedelta(seconds=20))
    gone("io@c", FORGOTTEN_AFTER + timedelta(seconds=1))
    samples = scrape(anonymous)
    assert value(samples, "framelane_worker_up", worker="io@a", kind="io") == 0
    assert value(samples, "framelane_worker_up", worker="io@b", kind="io") == 1
    assert value(samples, "framelane_queue_workers", queue="io") == 1
    assert [node.name for node in live_nodes()] == ["io@b"]
    assert forget_gone() == 1
    assert {node.name: is_up(node) for node in WorkerNode.objects.all()} == {"io@a": False, "io@b": True}


@pytest.mark.django_db(transaction=True)
def test_it_tells_until_it_is_stopped_and_leaves_nothing() -> None:
    told, twice = [], threading.Event()

    def busy() -> int:
        told.append(len(told))
        if len(told) == 3:
            twice.set()
        return len(told)

    beating = Heartbeat(WHO, busy=busy, cards=lambda: (CARD,), interval_s=0.01)
    beating.start()
    assert twice.wait(30)
    assert [node.gpus[0]["name"] for node in nodes()] == ["NVIDIA H200"]
    beating.stop()
    assert not WorkerNode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_ends_no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, recovered = [], threading.Event()

    def failing(*_: Any, **__: Any) -> None:
        calls.append(None)
        if len(calls) == 1:
            raise OperationalError
        recovered.set()

    monkeypatch.setattr(heartbeat, "tell", failing)
    beating = Heartbeat(WHO, busy=lambda: 0, cards=tuple, interval_s=0.01)
    beating.start()
    assert recovered.wait(30)
    beating.stop()


@pytest.mark.django_db(transaction=True)
def test_a_worker_begins_with_its_own_queues() -> None:
    queues = [SimpleNamespace(name="webhooks")]
    consumer = SimpleNamespace(
        hostname="webhooks@host",
        controller=SimpleNamespace(concurrency=16),
        task_consumer=SimpleNamespace(queues=queues),
    )
    heartbeat.begin(consumer)
    wait_until(lambda: WorkerNode.objects.filter(name="webhooks@host", concurrency=16).exists())
    # A worker that finds its broker again is ready a second time.
    heartbeat.begin(consumer)
    wait_until(lambda: WorkerNode.objects.filter(name="webhooks@host").exists())
    heartbeat.end()
    assert not WorkerNode.objects.exists()


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(6000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("not within a minute")


@pytest.mark.parametrize(
    ("name", "kind", "host"), [("cpu@a.b", "cpu", "a.b"), ("gpu12@c", "gpu", "c"), ("celery@d", "celery", "d")]
)
def test_names_tell_kinds_and_hosts(name: str, kind: str, host: str) -> None:
    who = Identity(name=name, queues=(), concurrency=1)
    assert (who.kind, who.host) == (kind, host)


# --- Graphics cards -------------------------------------------------------------------------------------------------


def test_cards_whose_memory_is_known_are_read() -> None:
    found = parse_memory(LISTING)
    assert [(uuid, card.index, card.used_bytes // 1024**2, card.total_bytes // 1024**2) for uuid, card in found] == [
        ("GPU-6f0c", 0, 3072, 143771),
        ("GPU-90be", 3, 0, 23034),
    ]


@pytest.mark.parametrize(
    ("visible", "expected"),
    [(None, [0, 3]), ("", []), ("3", [3]), ("0,3", [0, 3]), ("GPU-90", [3]), ("1", []), ("-1", []), ("NoDevFiles", [])],
)
def test_only_cards_that_the_worker_may_use(visible: str | None, expected: list[int]) -> None:
    assert [card.index for card in visible_cards(parse_memory(LISTING), visible)] == expected


def test_nvidia_smi_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat <<END\n{LISTING}END\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    assert memory_of_cards() == (CardMemory(3, "NVIDIA L4", 0, 23034 * 1024**2),)
    assert "--query-gpu=index,name,memory.used,memory.total,uuid" in (tmp_path / "asked").read_text()


def test_no_card_without_nvidia_smi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards.shutil, "which", lambda _: None)
    assert memory_of_cards() == ()


def test_the_scratch_folder_is_there() -> None:
    assert settings.FRAMELANE_SCRATCH.is_dir()
