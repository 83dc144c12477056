"""What accelerates this machine: graphics cards, whether torch can use one, whether one encodes H.264."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    import av

    from gpu_tasks.media.encode_settings import H264Encoder

_QUERY_TIMEOUT_S = 10
_CARD_LINE = re.compile(r"^\s*(?P<index>\d+), (?P<name>.+), (?:(?P<mib>\d+)|\[.*\])\s*$", re.MULTILINE)
_MEMORY_LINE = re.compile(
    r"^\s*(?P<index>\d+), (?P<name>.+), (?P<used>\d+), (?P<total>\d+), (?P<uuid>\S+)\s*$", re.MULTILINE
)
_MEMORY = ("used", "total")
_DRIVER_CARDS = Path("/proc/driver/nvidia/gpus")
# NVENC refuses pictures below about 145×49.
_PROBE_WIDTH, _PROBE_HEIGHT = 256, 144


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A graphics card: its number for CUDA_VISIBLE_DEVICES, the maker's name for it, its memory (0 = unknown)."""

    index: int
    name: str
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class CardMemory:
    """How much of a card's memory is in use now."""

    index: int
    name: str
    used_bytes: int
    total_bytes: int


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


def memory_of_cards() -> tuple[CardMemory, ...]:
    """The memory of the cards that this process may use, by nvidia-smi; none where that is missing.

    No context is made on the card, unlike by torch, so that a process may ask that is to fork others.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    found = parse_memory(_query(program, "index,name,memory.used,memory.total,uuid"))
    return visible_cards(found, os.environ.get("CUDA_VISIBLE_DEVICES"))


def parse_memory(listing: str) -> tuple[tuple[str, CardMemory], ...]:
    """Cards with their UUIDs from the lines `index, name, MiB used, MiB in all, UUID`; others are passed over."""
    return tuple(
        (card["uuid"], CardMemory(int(card["index"]), card["name"], *(int(card[key]) * 1024**2 for key in _MEMORY)))
        for card in _MEMORY_LINE.finditer(listing)
    )


def visible_cards(cards: tuple[tuple[str, CardMemory], ...], visible: str | None) -> tuple[CardMemory, ...]:
    """Those that CUDA_VISIBLE_DEVICES names, by number or the beginning of a UUID; all where it is not set."""
    if visible is None:
        return tuple(card for _, card in cards)
    wanted = [name for part in visible.split(",") if (name := part.strip())]
    return tuple(card for uuid, card in cards if any(_names(name, card.index, uuid) for name in wanted))


def _names(name: str, index: int, uuid: str) -> bool:
    return name == str(index) or (name.startswith("GPU-") and uuid.startswith(name))


def _model(information: str) -> str:
    models = [line.split(":", 1)[1].strip() for line in information.splitlines() if line.startswith("Model:")]
    return models[0] if models else "unknown"


def _query(program: str, columns: str = "index,name,memory.total") -> str:
    """nvidia-smi's answer; empty where it fails, as it does without a driver."""
    command = [program, f"--query-gpu={columns}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_QUERY_TIMEOUT_S, check=True)
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout


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
