"""`manage.py models list|verify|install`: the networks of the tasks on this machine."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from framelane.lib.net import FetchFailed, download
from gpu_tasks.weights import store
from gpu_tasks.weights.catalogue import UnknownModel, descriptor, descriptors
from gpu_tasks.weights.descriptor import Descriptor

DOWNLOAD_TIMEOUT_S = 3600.0
_COLUMNS = "{0:<32} {1:<20} {2:<10} {3:>9}  {4}"


class Command(BaseCommand):
    # Files may be put in place before the rest of an installation is ready.
    requires_system_checks = []
    help = "Lists, verifies and installs the networks that tasks use."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every network, where it comes from, and whether it is here")
        verify = actions.add_parser("verify", help="read the files that are here, and compare their SHA-256")
        verify.add_argument("names", nargs="*", metavar="NAME", help="only these, which must be here")
        install = actions.add_parser("install", help="put a file where the workers of this machine find it")
        install.add_argument("name", metavar="NAME")
        install.add_argument("--from", dest="origin", required=True, metavar="FILE_OR_URL")
        install.add_argument("--sha256", help="of a file whose own is not pinned")

    def handle(self, *args: Any, **options: Any) -> None:
        with _plain_errors():
            {"list": self._list, "verify": self._verify, "install": self._install}[options["action"]](options)

    def _list(self, options: dict[str, Any]) -> None:
        self.stdout.write(_COLUMNS.format("NAME", "FOR", "HERE", "MB", "LICENCE"))
        for entry in descriptors():
            self.stdout.write(_COLUMNS.format(entry.name, entry.purpose, _presence(entry), _size(entry), _terms(entry)))
        self.stdout.write(f"Files of your own lie in {store.user_folder()}.")

    def _verify(self, options: dict[str, Any]) -> None:
        names = options["names"] or [entry.name for entry in descriptors() if store.is_present(entry.name)]
        failures = [problem for name in names if (problem := self._verified(name))]
        if failures:
            raise CommandError(f"{len(failures)} of {len(names)} cannot be used.\n" + "\n".join(failures))

    def _verified(self, name: str) -> str:
        """What is wrong with a network; empty when nothing is."""
        try:
            path = store.verify(name)
        except store.ModelError as error:
            return str(error)
        self.stdout.write(f"{name}: {path} is as it should be.")
        return ""

    def _install(self, options: dict[str, Any]) -> None:
        name, origin = options["name"], options["origin"]
        descriptor(name)
        with _local_file(origin) as file:
            path = store.install(name, file, options["sha256"])
        self.stdout.write(f"{name} is installed: {path}")


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (store.ModelError, UnknownModel, FetchFailed, OSError) as error:
        raise CommandError(str(error)) from None


@contextmanager
def _local_file(origin: str) -> Iterator[Path]:
    """The file, fetched first where `origin` is a URL. Raises FetchFailed."""
    if not origin.startswith(("http://", "https://")):
        yield Path(origin).expanduser()
        return
    folder = store.user_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as drafts:
        file = Path(drafts) / "weights"
        allowed = settings.FRAMELANE_NET_ALLOW
        download(origin, file, store.MAX_MODEL_BYTES, DOWNLOAD_TIMEOUT_S, allow=allowed)
        yield file


def _presence(entry: Descriptor) -> str:
    if not store.is_present(entry.name):
        return "missing" if entry.packaged else "-"
    return "shipped" if entry.packaged else "installed"


def _size(entry: Descriptor) -> str:
    return f"{entry.size_bytes / 1e6:.1f}" if entry.size_bytes else "?"


def _terms(entry: Descriptor) -> str:
    return entry.licence if entry.commercial_use else f"{entry.licence} (not for commercial use)"
