"""Every executor runs the same tests: the CPU's kernels, torch on the CPU in both precisions, and the GPU's."""

from typing import cast

import pytest
import torch

from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.kernels.cuda import TorchKernels
from tests.engine.kernels.planes import Executor
from tests.engine.torch_devices import DEVICES

EXECUTORS = {
    "cpu": lambda: cast(Kernels, cpu),
    "torch": lambda: cast(Kernels, TorchKernels("cpu")),
    "torch-half": lambda: cast(Kernels, TorchKernels("cpu", torch.float16)),
}
if "cuda" in DEVICES:
    EXECUTORS["cuda"] = lambda: cast(Kernels, TorchKernels("cuda"))


@pytest.fixture(params=list(EXECUTORS))
def executor(request: pytest.FixtureRequest) -> Executor:
    return Executor(EXECUTORS[request.param]())
