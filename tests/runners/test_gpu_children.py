"""Children on a machine with a card get what CUDA needs: its variables, and addresses without bound."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from framelane.lib import clock
from gpu_tasks import worker
from gpu_tasks.devices import Accelerator
from gpu_tasks.runners import child


@pytest.mark.parametrize(("cards", "bounded"), [((), True), ((Accelerator(0, "NVIDIA L4"),), False)])
def test_addresses_are_bounded_where_there_is_no_card(
    cards: tuple[Accelerator, ...], bounded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "accelerators", lambda: cards)
    claim = cast(Any, SimpleNamespace(kind="render", deadline=clock.now() + timedelta(minutes=5)))
    assert worker._limits(claim).bounded_address_space is bounded


def test_a_child_knows_its_card_and_nothing_else_of_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMELANE_ACCELERATOR", "cuda")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    environment = child._environment(tmp_path)
    assert (environment["FRAMELANE_ACCELERATOR"], environment["CUDA_VISIBLE_DEVICES"]) == ("cuda", "1")
    assert "DATABASE_URL" not in environment


def test_asking_for_cards_loads_neither_codecs_nor_torch() -> None:
    check = "import sys, gpu_tasks.devices as devices; devices.accelerators(); print({'av', 'torch'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
