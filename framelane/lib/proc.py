"""What Linux tells of processes below /proc."""

import contextlib
import os
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def oom_kills() -> int:
    """How often the kernel has killed for want of memory since it started; 0 where it does not say."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def resident_bytes(pid: int) -> int:
    """Memory that a process has in RAM; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


def members_of(session: int) -> list[int]:
    """Processes of a session, found by walking /proc."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                after_name = Path(f"/proc/{entry}/stat").read_bytes().rpartition(b")")[2].split()
                if int(after_name[3]) == session:
                    found.append(int(entry))
    return found
