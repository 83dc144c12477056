"""How close networks are in half precision to what they give in single precision on the CPU."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gpu_tasks.models.devices import Device
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.networks import from_entry
from gpu_tasks.weights.catalogue import of_purpose
from gpu_tasks.weights.descriptor import Descriptor
from tests.engine.effects.stage import scene
from tests.gpu.pairs import psnr_db

LEAST_DB = 45.0
SINGLE = Device(torch.device("cpu"), torch.float32)
OWN = [entry for entry in of_purpose("super_resolution") if entry.packaged]
_CHANNELS = 8


class Recurrent(nn.Module):
    """A small network with the signature of RobustVideoMatting: it carries four states from frame to frame."""

    channels: Final[int]

    def __init__(self) -> None:
        super().__init__()
        self.channels = _CHANNELS
        self.into = nn.Conv2d(3 + _CHANNELS, _CHANNELS, 3, padding=1)
        self.out = nn.Conv2d(_CHANNELS, 4, 3, padding=1)

    def forward(
        self,
        picture: Tensor,
        r1: Tensor | None = None,
        r2: Tensor | None = None,
        r3: Tensor | None = None,
        r4: Tensor | None = None,
        downsample_ratio: float = 1.0,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        if r1 is None:
            r1 = torch.zeros_like(picture[:, :1]).repeat(1, self.channels, 1, 1)
        state = torch.tanh(self.into(torch.cat([picture, r1], 1)))
        given = torch.sigmoid(self.out(state))
        return given[:, :3], given[:, 3:], state, state, state, state


def enlargement_db(entry: Descriptor, device: Device, size: tuple[int, int]) -> float:
    """The enlarged scene on `device` against that of the CPU."""
    enlarged = [from_tensor(from_entry(entry, on).network(_scene(*size)))[0] for on in (SINGLE, device)]
    return psnr_db(*enlarged)


def recurrent_db(folder: Path, device: Device, size: tuple[int, int]) -> float:
    """The third matte of a recurrent network on `device` against that of the CPU."""
    torch.manual_seed(4)
    path = folder / "recurrent.torchscript"
    torch.jit.script(Recurrent().eval()).save(str(path))
    return psnr_db(*(_matte(path, on, _scene(*size)) for on in (SINGLE, device)))


@torch.inference_mode()
def _matte(path: Path, device: Device, picture: Tensor) -> NDArray[np.uint8]:
    network = torch.jit.load(str(path), map_location=device.torch_device).to(device.dtype)
    states: list[Tensor | None] = [None] * 4
    for _ in range(3):
        _, matte, *states = network(picture.to(device.torch_device, device.dtype), *states, 1.0)
    return np.asarray((matte.float().cpu().numpy() * 255).round(), np.uint8)


def _scene(width: int, height: int) -> Tensor:
    return to_tensor([np.ascontiguousarray(scene(width, height))])
