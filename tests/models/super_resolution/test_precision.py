"""Details are computed in the fastest type of number that the processor multiplies itself."""

import pytest
import torch

from gpu_tasks.models.devices import Device
from gpu_tasks.models.super_resolution import precision
from gpu_tasks.models.super_resolution.precision import details_dtype, multiplies_bfloat16
from tests.models.super_resolution.pictures import CPU


@pytest.mark.parametrize(
    ("cpuinfo", "does"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 sse\n", True),
        ("flags\t\t: fpu amx_bf16 amx_tile\n", True),
        ("Features\t: fp asimd bf16 i8mm\n", True),
        ("flags\t\t: fpu avx2 avx512f\n", False),
        ("model name\t: avx512_bf16\nflags\t\t: fpu\n", False),
        ("", False),
    ],
)
def test_the_processor_s_flags_tell(cpuinfo: str, does: bool) -> None:
    assert multiplies_bfloat16(cpuinfo) is does


@pytest.mark.parametrize(("does", "wanted"), [(True, torch.bfloat16), (False, torch.float32)])
def test_processors_go_by_what_they_multiply(monkeypatch: pytest.MonkeyPatch, does: bool, wanted: torch.dtype) -> None:
    monkeypatch.setattr(precision, "_this_processor_does", lambda: does)
    assert details_dtype(CPU) == wanted


def test_cards_keep_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "_this_processor_does", lambda: True)
    assert details_dtype(Device(torch.device("cuda"), torch.float16)) == torch.float16
