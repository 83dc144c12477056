"""Where networks run: the device, the precision that suits it, and how much memory there is for it."""

import functools
import resource
from dataclasses import dataclass
from pathlib import Path

import torch

from gpu_tasks.devices import accelerator, cores

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")
_CUDA_SHARE = 0.6
_CPU_SHARE = 0.25
# Larger pieces of work gain a processor nothing: its caches are smaller than either.
_MOST_ON_CPU_BYTES = 1024**3
_UNKNOWN_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Device:
    """A place to run networks in, and the type of number that they compute with there."""

    torch_device: torch.device
    dtype: torch.dtype

    @property
    def is_cuda(self) -> bool:
        return self.torch_device.type == "cuda"


@functools.cache
def model_device() -> Device:
    """The best device of this machine: half precision on a card, single on a processor, on all of its cores."""
    if accelerator() == "cuda":
        return Device(torch.device("cuda"), torch.float16)
    torch.set_num_threads(cores())
    return Device(torch.device("cpu"), torch.float32)


def working_memory_bytes(device: Device) -> int:
    """How much of what is free now one pass through a network may take, at least a few megabytes."""
    if device.is_cuda:
        free_bytes, _ = torch.cuda.mem_get_info(device.torch_device)
        return int(free_bytes * _CUDA_SHARE)
    return min(int(free_memory_bytes() * _CPU_SHARE), _MOST_ON_CPU_BYTES)


def free_memory_bytes() -> int:
    """What this process can still take: of the machine, of its control group, and of its own address space."""
    return max(0, min(_machine_free_bytes(), _group_free_bytes(), _addresses_free_bytes()))


def _machine_free_bytes() -> int:
    try:
        lines = _MEMINFO.read_text("ascii").splitlines()
    except OSError:
        return _UNKNOWN_BYTES
    amounts = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return int(next(amounts, _UNKNOWN_BYTES // 1024)) * 1024


def _group_free_bytes() -> int:
    """Under a limit of version 2 control groups; else as good as everything."""
    try:
        limit, used = (_CGROUP / "memory.max").read_text(), (_CGROUP / "memory.current").read_text()
    except OSError:
        return 2**62
    return 2**62 if limit.strip() == "max" else int(limit) - int(used)


def _addresses_free_bytes() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return 2**62
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return soft - pages * resource.getpagesize()
