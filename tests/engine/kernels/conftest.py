"""Every executor runs the same tests: the CPU's kernels, torch on the CPU in both precisions, and the GPU's."""

import os
from typing import cast

import pytest
import torch

from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.kernels.cuda import TorchKernels
from tests.engine.kernels.planes import Executor

EXECUTORS = {
    "cpu": lambda: cast(Kernels, cpu),
    "torch": lambda: cast(Kernels, TorchKernels("cpu")),
    "torch-half": lambda: cast(Kernels, TorchKernels("cpu", torch.float16)),
}
if torch.cuda.is_available() or "FAIL_WITHOUT_CUDA" in os.environ:
    EXECUTORS["cuda"] = lambda: cast(Kernels, TorchKernels("cuda"))


@pytest.fixture(params=list(EXECUTORS))
def executor(request: pytest.FixtureRequest) -> Executor:
    return Executor(EXECUTORS[request.param]())
