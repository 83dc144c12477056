"""A fresh Debian in a folder, booted with its own systemd: the clean machine that a rehearsal follows a guide on."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
BOOT_TIMEOUT_S = 60
# What debootstrap leaves out and every installed Debian has.
PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates,iproute2,procps"


class RehearsalError(RuntimeError):
    """The machine could not be made, or what was run on it failed."""


def fresh_debian(base: Path, machine: Path) -> None:
    """Make `machine` a copy of a new Debian; the installation is kept in `base` for the next time."""
    if not base.exists():
        print(f"Installing Debian {SUITE} into {base}", flush=True)
        _install(base.with_name(f"{base.name}.begun"), base)
    if machine.exists():
        shutil.rmtree(machine)
    _run(["cp", "--archive", "--one-file-system", str(base), str(machine)])
    security = f"deb http://deb.debian.org/debian-security {SUITE}-security main\n"
    (machine / "etc/apt/sources.list").write_text(f"deb {MIRROR} {SUITE} main\n{security}", "utf-8")


def _install(begun: Path, base: Path) -> None:
    """One that was interrupted is begun anew: its /proc may still be mounted, and copying that fills the disk."""
    if begun.exists():
        subprocess.run(["umount", "--lazy", str(begun / "proc")], check=False, stderr=subprocess.DEVNULL)
        _run(["rm", "--recursive", "--force", "--one-file-system", str(begun)])
    _run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(begun), MIRROR])
    begun.rename(base)


@contextlib.contextmanager
def booted(machine: Path, binds: Sequence[str]) -> Iterator[int]:
    """Boot the machine; yields the process id of its systemd. It shares the network of this host."""
    command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--directory", str(machine)]
    command += ["--resolv-conf=copy-host", *(f"--bind-ro={bind}" for bind in binds)]
    with (machine.parent / "console.log").open("wb") as log:
        spawned = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield _wait_until_running(spawned)
    finally:
        # systemd-nspawn asks its guest to power off.
        spawned.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            spawned.wait(60)
        spawned.kill()
        spawned.wait()


def inside(leader: int, command: Sequence[str]) -> list[str]:
    """The command line that runs `command` on the machine, as root with a plain environment."""
    environment = ["env", "-i", "HOME=/root", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    namespaces = [f"--{kind}" for kind in ("mount", "uts", "ipc", "pid", "cgroup", "root", "wd")]
    environment += ["LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
    return ["nsenter", "--target", str(leader), *namespaces, *environment, *command]


def _wait_until_running(spawned: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + BOOT_TIMEOUT_S
    while time.monotonic() < deadline and spawned.poll() is None:
        children = Path(f"/proc/{spawned.pid}/task/{spawned.pid}/children").read_text("ascii").split()
        if children and _is_running(int(children[0])):
            return int(children[0])
        time.sleep(0.5)
    raise RehearsalError(f"systemd did not come up within {BOOT_TIMEOUT_S} s; see console.log")


def _is_running(leader: int) -> bool:
    asked = subprocess.run(
        inside(leader, ["systemctl", "is-system-running"]), capture_output=True, text=True, check=False
    )
    # Degraded: a container lacks some hardware that a unit of Debian's looks for.
    return asked.stdout.strip() in ("running", "degraded")


def _run(command: Sequence[str]) -> None:
    if (status := subprocess.call(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})) != 0:
        raise RehearsalError(f"{command[0]} ended with status {status}")
