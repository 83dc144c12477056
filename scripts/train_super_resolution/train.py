"""The training of one network: within a budget of minutes, to be stopped and taken up again at any time."""

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gpu_tasks.models.super_resolution.network import LumaNetwork, Shape, channels_last
from gpu_tasks.models.super_resolution.weights_file import read_network, write_network
from scripts.train_super_resolution.dataset import Pairs, Variant

TRAINED_ON = "pictures drawn by scripts/train_super_resolution, no photographs"
_CHARBONNIER_EPSILON_SQUARED = 1e-6
_BETAS = (0.9, 0.99)
_WARM_UP_STEPS = 200
_LAST_RATE_SHARE = 0.005
_GRADIENT_NORM = 0.5
_AVERAGE_DECAY = 0.999
_EXACT_FROM = 0.85
"""Share of the budget after which steps run in float32: bfloat16 is nearly twice as fast, but less exact."""
_SAVE_EVERY_S = 120.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How one network is trained. `rate` is Adam's largest learning rate."""

    shape: Shape
    variant: Variant
    minutes: float
    rate: float = 2e-3
    batch: int = 10
    patch_px: int = 32
    seed: int = 0

    @property
    def name(self) -> str:
        """What the files of this training are called."""
        return f"x{self.shape.scale}-{self.variant}"


class Training:
    """A network, its running average, and how far it has come; everything that a stopped training needs is in files."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.folder = settings, folder
        self.network = channels_last(LumaNetwork(settings.shape))
        self.average = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimiser = torch.optim.Adam(self.network.parameters(), settings.rate, _BETAS)
        self.step, self.spent_s = 0, 0.0

    @property
    def state_file(self) -> Path:
        """Where the whole state is kept."""
        return self.folder / f"{self.settings.name}.pt"

    @property
    def weights_file(self) -> Path:
        """Where the averaged weights are kept, usable at any time."""
        return self.folder / f"{self.settings.name}.safetensors"

    def start_from(self, weights: Path) -> None:
        """Take the weights of a network of the same shape."""
        self.network.load_state_dict(read_network(weights).state_dict())
        self.average = {name: value.detach().clone() for name, value in self.network.state_dict().items()}

    def resume(self) -> bool:
        """Take up a training that was stopped; False where there is none."""
        if not self.state_file.exists():
            return False
        state = torch.load(self.state_file, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average, self.step, self.spent_s = state["average"], state["step"], state["spent_s"]
        self.optimiser.load_state_dict(state["optimiser"])
        return True

    def save(self) -> None:
        """Write the state and the averaged weights, each whole or not at all."""
        state = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        counters = {"average": self.average, "step": self.step, "spent_s": self.spent_s}
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.save(state | counters, part := self.state_file.with_suffix(".part"))
        part.replace(self.state_file)
        facts = {"variant": self.settings.variant, "steps": str(self.step), "trained_on": TRAINED_ON}
        write_network(part, self.average, self.settings.shape, facts)
        part.replace(self.weights_file)

    def run(self, pairs: Pairs, checks: tuple[Tensor, Tensor]) -> None:
        """Train until the budget is spent, saving every two minutes and printing the gain over bicubic on `checks`."""
        rng = np.random.default_rng((self.settings.seed, self.step))
        before_s, started_s, saved_s = self.spent_s, time.monotonic(), time.monotonic()
        while self.spent_s < 60 * self.settings.minutes:
            self.advance(*pairs.batch(rng, self.settings.batch, self.settings.patch_px))
            now_s = time.monotonic()
            self.spent_s = before_s + now_s - started_s
            if now_s - saved_s > _SAVE_EVERY_S:
                self._report(checks)
                saved_s = now_s
        self._report(checks)

    def advance(self, small: Tensor, large: Tensor) -> None:
        """One step towards `large`, at the rate that the time spent so far asks for."""
        done = self.spent_s / (60 * self.settings.minutes)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.rate * rate_share(self.step, done)
        small = small.to(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=done < _EXACT_FROM):
            details = self.network.details(small)
        enlarged = self.network.smooth(small) + details
        loss = ((enlarged - large) ** 2 + _CHARBONNIER_EPSILON_SQUARED).sqrt().mean()
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self.optimiser.step()
        self.step += 1
        self._follow()

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(_AVERAGE_DECAY, (1 + self.step) / (10 + self.step))
        for name, value in self.network.state_dict().items():
            self.average[name].lerp_(value, 1 - decay)

    def _report(self, checks: tuple[Tensor, Tensor]) -> None:
        self.save()
        averaged = LumaNetwork(self.settings.shape)
        averaged.load_state_dict(self.average)
        where = f"{self.settings.name} step {self.step} minute {self.spent_s / 60:.1f}"
        print(f"{where} gain {gain_db(averaged, *checks):.3f} dB", flush=True)


def rate_share(step: int, done: float) -> float:
    """The share of the largest learning rate: a linear warm-up, and half a cosine over the budget."""
    cosine = (1 + math.cos(math.pi * min(1.0, done))) / 2
    return min(1.0, (step + 1) / _WARM_UP_STEPS) * (_LAST_RATE_SHARE + (1 - _LAST_RATE_SHARE) * cosine)


@torch.no_grad()
def gain_db(network: LumaNetwork, small: Tensor, large: Tensor) -> float:
    """How much nearer to `large` the network comes than bicubic interpolation, the mean of the PSNR's rises."""
    bicubic = LumaNetwork(network.shape)
    for parameter in bicubic.parameters():
        parameter.zero_()
    errors = [((net(small).clamp(0, 1) - large) ** 2).mean(dim=(1, 2, 3)) for net in (bicubic, network)]
    return float(10 * (errors[0] / errors[1].clamp_min(1e-10)).log10().mean())
