"""Makes the virtual environment and installs one set of requirements: `setup.py worker` or `setup.py dev`.

Runs on the system's Python before anything is installed, so it uses the standard library alone, and syntax that an
older Python 3 still reads, to say what is missing. A stamp beside the environment holds the hash of what was
installed: a second run only compares it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
REQUIREMENTS = os.path.join(ROOT, "requirements")
KINDS = ("worker", "dev")
"""Each includes those before it."""
WITHOUT_DEPENDENCIES = "without-dependencies"
"""Packages of every kind whose own requirements are not to be followed."""
# numpy 1.26, which OpenCV and the vision models are pinned to, has no wheels for later versions.
SUITABLE_PYTHONS = ((3, 11), (3, 12))
SYSTEM_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libexpat.so.1": "libexpat1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
"""Shared objects that skia and OpenCV link to and their wheels do not carry, with the Debian package of each."""


def main(arguments: list[str]) -> None:
    kind = arguments[0] if len(arguments) == 1 else ""
    if kind not in KINDS:
        sys.exit(f"usage: setup.py worker|dev (received: {' '.join(arguments)})")
    install_system_packages(missing_libraries())
    digest = digest_of(kind)
    if not is_installed(kind, digest):
        make_venv()
        install(kind)
        write_stamp(kind, digest)
    compile_modules()


def missing_libraries() -> list[str]:
    """Debian packages of the shared objects that the loader cannot find, sorted."""
    return sorted({package for soname, package in SYSTEM_LIBRARIES.items() if not is_loadable(soname)})


def is_loadable(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages when root, else end with the one line that does it."""
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        sys.exit(f"Missing system packages (Debian names): {' '.join(packages)}. Install them and run this again.")
    if os.geteuid() != 0:
        sys.exit(f"Missing system packages. Run this once, then try again:\n\n    sudo {' '.join(command)}\n")
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    # RUNLEVEL=1 keeps Debian from starting the services that it installs; ours are private instances.
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    run(["apt-get", "update", "-q"], environment)
    run(command, environment)


def make_venv() -> None:
    if os.path.exists(os.path.join(VENV, "bin", "python")):
        return
    python = suitable_python()
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
        version = subprocess.check_output(
            [python, "-c", "import platform; print(*platform.python_version_tuple()[:2], sep='.')"]
        )
        install_system_packages([f"python{version.decode().strip()}-venv"])
    print("Making the virtual environment in .venv", flush=True)
    run([python, "-m", "venv", VENV])


def suitable_python() -> str:
    """Path of a Python that every pinned wheel exists for: this one, else one on the PATH. Ends when there is none."""
    if sys.version_info[:2] in SUITABLE_PYTHONS:
        return sys.executable
    for major, minor in reversed(SUITABLE_PYTHONS):
        found = shutil.which(f"python{major}.{minor}")
        if found:
            return found
    wanted = " or ".join(f"{major}.{minor}" for major, minor in SUITABLE_PYTHONS)
    sys.exit(f"Framelane needs Python {wanted}; this is {sys.version.split()[0]} ({sys.executable}).")


def install(kind: str) -> None:
    print(f"Installing requirements/{kind}.txt (the first time takes a few minutes)", flush=True)
    pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "-r", requirements_path(kind)])
    run([*pip, "--no-deps", "-r", requirements_path(WITHOUT_DEPENDENCIES)])


def requirements_path(name: str) -> str:
    return os.path.join(REQUIREMENTS, name + ".txt")


def compile_modules() -> None:
    """Compile the project's own modules ahead: every render is a process of its own, which would compile them anew
    wherever byte code is not written on the way."""
    folders = [os.path.join(ROOT, name) for name in ("framelane", "apps", "gpu_tasks")]
    run([os.path.join(VENV, "bin", "python"), "-m", "compileall", "-q", *folders])


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    status = subprocess.call(command, env=environment)
    if status != 0:
        sys.exit(f"failed with status {status}: {' '.join(command)}")


def digest_of(kind: str) -> str:
    """Hash of all that installing a kind installs."""
    parts = [*texts_of(kind), *texts_of(WITHOUT_DEPENDENCIES)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def texts_of(name: str) -> list[str]:
    """A requirements file and those that it includes."""
    with open(requirements_path(name), encoding="utf-8") as file:
        text = file.read()
    included = [line.split()[1][: -len(".txt")] for line in text.splitlines() if line.startswith("-r ")]
    return [text, *(part for inner in included for part in texts_of(inner))]


def stamp_path(kind: str) -> str:
    return os.path.join(VENV, f"installed-{kind}.sha256")


def is_installed(kind: str, digest: str) -> bool:
    try:
        with open(stamp_path(kind), encoding="ascii") as file:
            return file.read().strip() == digest
    except OSError:
        return False


def write_stamp(kind: str, digest: str) -> None:
    """Note what was installed."""
    for name in KINDS[: KINDS.index(kind) + 1]:
        with open(stamp_path(name), "w", encoding="ascii") as file:
            file.write((digest if name == kind else digest_of(name)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
