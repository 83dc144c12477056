"""Networks run where they run best, in the memory that there is."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from gpu_tasks.devices import cores
from gpu_tasks.models import devices
from gpu_tasks.models.devices import Device, free_memory_bytes, model_device, working_memory_bytes

pytestmark = pytest.mark.slow

CPU = Device(torch.device("cpu"), torch.float32)
MIB = 1024**2


@pytest.fixture(autouse=True)
def no_memory_of_devices() -> Iterator[None]:
    """Neither of what was found before, nor, in the tests that come after, of what is found here."""
    model_device.cache_clear()
    yield
    model_device.cache_clear()


def test_a_processor_computes_in_single_precision_on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "cpu")
    assert model_device() == CPU
    assert torch.get_num_threads() == cores()


def test_a_card_computes_in_half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "cuda")
    assert model_device() == Device(torch.device("cuda"), torch.float16)
    assert model_device().is_cuda


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that passes for the kernel's: 8 GiB are free, and no control group says otherwise."""
    (tmp_path / "meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable:   {8 * 1024 * 1024} kB\n")
    monkeypatch.setattr(devices, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(devices, "_CGROUP", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("machine")
def test_what_is_free_is_what_the_machine_has() -> None:
    assert free_memory_bytes() == 8 * 1024 * MIB


@pytest.mark.parametrize(
    ("limit", "used", "free_bytes"),
    [("max", "5", 8 * 1024 * MIB), (f"{100 * MIB}", f"{70 * MIB}", 30 * MIB), ("5", "9", 0)],
)
def test_a_control_group_may_leave_less(limit: str, used: str, free_bytes: int, machine: Path) -> None:
    (machine / "memory.max").write_text(limit + "\n")
    (machine / "memory.current").write_text(used + "\n")
    assert free_memory_bytes() == free_bytes


def test_what_cannot_be_asked_is_guessed(machine: Path) -> None:
    (machine / "meminfo").unlink()
    assert free_memory_bytes() == devices._UNKNOWN_BYTES


@pytest.mark.usefixtures("machine")
def test_a_pass_takes_a_part_of_what_is_free() -> None:
    assert working_memory_bytes(CPU) == 1024 * MIB
    (devices._MEMINFO).write_text("MemAvailable: 1000 kB\n")
    assert working_memory_bytes(CPU) == 250 * 1024


def test_a_bounded_address_space_leaves_less() -> None:
    program = (
        "import resource\n"
        "from gpu_tasks.models.devices import free_memory_bytes\n"
        "pages = int(open('/proc/self/statm').read().split()[0])\n"
        f"limit = pages * {resource.getpagesize()} + 64 * 1024**2\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "print(free_memory_bytes())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert 48 * MIB < int(done.stdout) <= 64 * MIB
