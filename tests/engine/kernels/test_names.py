"""The protocol and its two executors offer the same kernels, and each has a definition."""

import inspect

import pytest

from gpu_tasks.engine.kernels import Kernels, cpu, definition
from gpu_tasks.engine.kernels.cuda import TorchKernels

HOST_ONLY = {"Field", "flip", "from_rgba", "premultiply", "resize_rgba", "rotate"}
"""What makes surfaces of decoded pictures, before they go to a device."""
WITHOUT_DEFINITION = {"copy", "empty", "fill", "plane_matrix", "plane_projective", "upload"}
"""Memory, and geometry without samples."""


def public(owner: object) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_") and callable(getattr(owner, name))}


PROTOCOL = public(Kernels)


def test_the_cpu_offers_exactly_the_protocol() -> None:
    assert set(cpu.__all__) - HOST_ONLY == PROTOCOL


def test_torch_offers_exactly_the_protocol() -> None:
    assert public(TorchKernels) == PROTOCOL


def test_every_kernel_has_a_definition() -> None:
    assert set(definition.__all__) >= PROTOCOL - WITHOUT_DEFINITION


@pytest.mark.parametrize("name", sorted(PROTOCOL))
def test_a_kernel_takes_the_same_arguments_everywhere(name: str) -> None:
    wanted = inspect.signature(getattr(Kernels, name)).parameters
    for given in (getattr(cpu, name), getattr(TorchKernels("cpu"), name)):
        found = inspect.signature(given).parameters
        assert list(found) == [parameter for parameter in wanted if parameter != "self"]
        assert all(found[p].kind == wanted[p].kind and found[p].default == wanted[p].default for p in found)
