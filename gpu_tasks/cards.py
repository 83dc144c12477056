"""What graphics cards hold at the moment, as nvidia-smi tells it. Loads nothing: the web may know this module."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

_QUERY_TIMEOUT_S = 10
_MEMORY_LINE = re.compile(
    r"^\s*(?P<index>\d+), (?P<name>.+), (?P<used>\d+), (?P<total>\d+), (?P<uuid>\S+)\s*$", re.MULTILINE
)
_MEMORY = ("used", "total")


@dataclass(frozen=True, slots=True)
class CardMemory:
    """How much of a card's memory is in use now."""

    index: int
    name: str
    used_bytes: int
    total_bytes: int


def memory_of_cards() -> tuple[CardMemory, ...]:
    """The memory of the cards that this process may use, by nvidia-smi; none where that is missing.

    No context is made on the card, unlike by torch, so that a process may ask that is to fork others.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    found = parse_memory(query(program, "index,name,memory.used,memory.total,uuid"))
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


def query(program: str, columns: str) -> str:
    """nvidia-smi's answer; empty where it fails, as it does without a driver."""
    command = [program, f"--query-gpu={columns}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_QUERY_TIMEOUT_S, check=True)
    except (subprocess.SubprocessError, OSError):
        return ""
    return done.stdout
