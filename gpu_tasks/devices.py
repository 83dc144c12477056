"""What accelerates this machine: graphics cards, whether torch can use one, whether one encodes H.264."""

import functools
import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from gpu_tasks.cards import query

if TYPE_CHECKING:
    import av

    from gpu_tasks.media.encode_settings import H264Encoder

_CARD_LINE = re.compile(r"^\s*(?P<index>\d+), (?P<name>.+), (?:(?P<mib>\d+)|\[.*\])\s*$", re.MULTILINE)
_DRIVER_CARDS = Path("/proc/driver/nvidia/gpus")
# NVENC refuses pictures below about 145×49.
_PROBE_WIDTH, _PROBE_HEIGHT = 256, 144


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A graphics card: its number for CUDA_VISIBLE_DEVICES, the maker's name for it, its memory (0 = unknown)."""

    index: int
    name: str
    memory_bytes: int = 0


@functools.cache
def cores() -> int:
    """The processor cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def accelerators() -> tuple[Accelerator, ...]:
    """The NVIDIA cards of this machine, by nvidia-smi, or by the driver's own listing where that is missing."""
    program = shutil.which("nvidia-smi")
    return parse_cards(_query(program)) if program is not None else driver_cards(_DRIVER_CARDS)


def parse_cards(listing: str) -> tuple[Accelerator, ...]:
    """Cards from the lines `index, name, memory in MiB`; lines of another shape are passed over."""
    return tuple(
        Accelerator(int(card["index"]), card["name"], int(card["mib"] or 0) * 1024**2)
        for card in _CARD_LINE.finditer(listing)
    )


def driver_cards(folder: Path) -> tuple[Accelerator, ...]:
    """Cards from the driver's folder of one `information` file each, in bus order; none where there is no driver."""
    files = sorted(folder.glob("*/information"))
    return tuple(Accelerator(index, _model(file.read_text())) for index, file in enumerate(files))


def _model(information: str) -> str:
    models = [line.split(":", 1)[1].strip() for line in information.splitlines() if line.startswith("Model:")]
    return models[0] if models else "unknown"


def _query(program: str) -> str:
    """nvidia-smi's answer; empty where it fails, as it does without a driver."""
    return query(program, "index,name,memory.total")


Kind = Literal["cpu", "cuda"]


@functools.cache
def accelerator() -> Kind:
    """What composes frames here: `FRAMELANE_ACCELERATOR` where it is set, else `cuda` where torch can use a card.

    torch, which takes a second or two to load, is only asked on a machine that has a card.
    """
    wanted = os.environ.get("FRAMELANE_ACCELERATOR", "")
    if wanted not in ("", "cpu", "cuda"):
        raise ValueError(f"FRAMELANE_ACCELERATOR is {wanted!r}; it can be 'cpu' or 'cuda'")
    if wanted:
        return cast(Kind, wanted)
    return "cuda" if accelerators() and _torch_finds_cuda() else "cpu"


def _torch_finds_cuda() -> bool:
    if importlib.util.find_spec("torch") is None:
        return False
    import torch

    return torch.cuda.is_available()


@functools.cache
def h264_encoder() -> "H264Encoder":
    """`h264_nvenc` where a real encode works, else `libx264`. FFmpeg lists NVENC on machines without any card too."""
    return "h264_nvenc" if accelerators() and _encodes("h264_nvenc") else "libx264"


def _encodes(encoder: str) -> bool:
    """Whether one small frame can be encoded."""
    # The worker asks for cards, and loads no codecs.
    import av

    try:
        codec = cast("av.VideoCodecContext", av.CodecContext.create(encoder, "w"))
        codec.width, codec.height, codec.pix_fmt = _PROBE_WIDTH, _PROBE_HEIGHT, "yuv420p"
        codec.framerate, codec.time_base = Fraction(30), Fraction(1, 30)
        frame = av.VideoFrame(_PROBE_WIDTH, _PROBE_HEIGHT, "yuv420p")
        frame.pts = 0
        return sum(packet.size for packet in [*codec.encode(frame), *codec.encode(None)]) > 0
    except (av.error.FFmpegError, av.codec.codec.UnknownCodecError, OSError):
        return False
