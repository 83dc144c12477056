"""The devices that tests of the torch executor run on: torch's CPU everywhere, and a GPU where there is one.

With FAIL_WITHOUT_CUDA (`make gpu-check`) the GPU's tests are there even without one, and fail.
"""

import os

import torch

# On small pictures torch's threads spend their time waiting for each other.
torch.set_num_threads(1)

DEVICES = ["cpu"]
if torch.cuda.is_available() or "FAIL_WITHOUT_CUDA" in os.environ:
    DEVICES.append("cuda")
