"""Private PostgreSQL and Redis instances in a temporary folder, for tests; gone when the block ends."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.processes import Child, free_port, identity_of, is_listening, spawn, stop

START_TIMEOUT_S = 240
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
"""Nothing here outlives the tests, so nothing needs to survive a power cut."""


class ServiceError(RuntimeError):
    """A service did not start; the message holds the tail of its log."""


@contextmanager
def stack_services() -> Iterator[dict[str, str]]:
    """Start both services; yields the settings that point the platform at them."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="framelane-services-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        database_url = stack.enter_context(postgres(folder / "postgres"))
        redis_port = stack.enter_context(redis(folder / "redis"))
        yield {
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{redis_port}/1",
        }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server with an empty database `framelane`; yields its URL."""
    binaries = _postgres_binaries()
    user = _postgres_user()
    folder.mkdir()
    if user != getpass.getuser():
        shutil.chown(folder, user)
    data, port, log = folder / "data", free_port(), folder.parent / "postgres.log"
    _run_as(user, [str(binaries / "initdb"), "-D", str(data), "-U", "framelane", "-A", "trust", "-E", "UTF8", "-N"])
    options = ["-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    for setting in UNSAFE_BUT_FAST:
        options += ["-c", setting]
    with _service([str(binaries / "postgres"), *options], log, user=user, stop_signal=signal.SIGINT) as child:
        # It listens a moment before it lets anybody in.
        ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        _wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL", child, log)
        _run_as(user, [str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "framelane", "framelane"])
        yield f"postgres://framelane@127.0.0.1:{port}/framelane"


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis server that keeps nothing on disk; yields its port."""
    folder.mkdir()
    port, log = free_port(), folder.parent / "redis.log"
    binary = _binary("redis-server")
    command = [
        binary,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    with _service(command, log, user=None, stop_signal=signal.SIGTERM) as child:
        _wait_until(lambda: is_listening("127.0.0.1", port), "Redis", child, log)
        yield port


@contextmanager
def _service(command: list[str], log: Path, *, user: str | None, stop_signal: signal.Signals) -> Iterator[Child]:
    with log.open("wb") as output:
        other_user = user if user != getpass.getuser() else None
        child = spawn(command, output=output, user=other_user, parent_death_signal=stop_signal)
    try:
        yield child
    finally:
        stop(child, with_signal=stop_signal)


def _wait_until(is_there: Callable[[], bool], name: str, child: Child, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_there():
        if child.poll() is not None or time.monotonic() > deadline:
            raise ServiceError(f"{name} did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.05)


def _postgres_binaries() -> Path:
    """The newest installed PostgreSQL; Debian keeps its server programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise ServiceError("PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin or on the PATH")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _binary(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ServiceError(f"{name} is not installed, or not on the PATH")
    return found


def _postgres_user() -> str:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run_as(user: str, command: list[str]) -> None:
    identity = identity_of(user) if user != getpass.getuser() else {}
    done = subprocess.run(
        command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **identity
    )
    if done.returncode != 0:
        raise ServiceError(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stdout[-2000:]}")
