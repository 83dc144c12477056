"""Where the files of networks lie, and how they get there: nothing is used whose SHA-256 is not the pinned one."""

import functools
import hashlib
import importlib.util
import os
import re
import tempfile
from pathlib import Path

from gpu_tasks.weights.catalogue import descriptor
from gpu_tasks.weights.descriptor import Descriptor

SHIPPED = Path(__file__).parent / "files"
FOLDER_SETTING = "FRAMELANE_MODELS"
MAX_MODEL_BYTES = 2 * 1024**3
_DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "var" / "models"
_BLOCK_BYTES = 1024**2
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ModelError(Exception):
    """A network cannot be used; the message says why and what helps."""


class ModelMissing(ModelError):
    """Its file is not there."""


class ModelDamaged(ModelError):
    """Its file is there, and is not what it should be."""


def user_folder() -> Path:
    """Where the operator's files lie: `FRAMELANE_MODELS`, else var/models."""
    setting = os.environ.get(FOLDER_SETTING, "")
    return Path(setting) if setting else _DEFAULT_FOLDER


def path_of(name: str) -> Path:
    """The file of a network, not yet verified. Raises UnknownModel, ModelMissing."""
    entry = descriptor(name)
    path = _place(entry)
    if path is None or not path.is_file():
        raise ModelMissing(_how_to_get(entry))
    return path


def is_present(name: str) -> bool:
    """Whether the file of a network is there."""
    path = _place(descriptor(name))
    return path is not None and path.is_file()


def expected_sha256(name: str) -> str | None:
    """The pinned SHA-256, or what the operator stated when he installed the file; None where neither is there."""
    entry = descriptor(name)
    record = _record(entry)
    if entry.sha256 is not None or not record.is_file():
        return entry.sha256
    stated = record.read_text("ascii", errors="replace")[:64]
    return stated if _SHA256.fullmatch(stated) else None


def verify(name: str) -> Path:
    """The file of a network, after reading it whole. Raises UnknownModel, ModelMissing, ModelDamaged."""
    path, expected = path_of(name), expected_sha256(name)
    if expected is None:
        raise ModelDamaged(f"nobody stated the SHA-256 of the model {name!r}: {_how_to_get(descriptor(name))}")
    found = sha256_of(path)
    if found != expected:
        raise ModelDamaged(f"the file of the model {name!r} has the SHA-256 {found}; it should be {expected}")
    return path


def install(name: str, file: Path, sha256: str | None = None) -> Path:
    """Copy a file to where `path_of` finds it, all or nothing, once its SHA-256 is right.

    `sha256` must be given for networks whose own is not pinned; it is kept. Raises UnknownModel; ModelMissing where
    `file` is not there; ModelDamaged where it is not that network; ModelError where nothing can be installed.
    """
    entry = descriptor(name)
    if entry.packaged:
        raise ModelError(f"the model {name!r} comes with the software; there is nothing to install")
    expected = _agreed_sha256(entry, sha256)
    target = user_folder() / entry.file
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_checked(name, file, target, expected)
    if entry.sha256 is None:
        _replace(_record(entry), expected.encode())
    return target


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(entry: Descriptor) -> Path | None:
    if entry.package:
        folder = _package_folder(entry.package)
        return None if folder is None else folder / entry.file
    return (SHIPPED if entry.packaged else user_folder()) / entry.file


@functools.cache
def _package_folder(package: str) -> Path | None:
    """Where a package lies, found without importing it: that would take seconds."""
    found = importlib.util.find_spec(package)
    return None if found is None or found.origin is None else Path(found.origin).parent


def _how_to_get(entry: Descriptor) -> str:
    if entry.package:
        return f"the model {entry.name!r} is not there; it comes with the package {entry.package}, which is missing"
    if entry.packaged:
        return f"the model {entry.name!r} should lie in {SHIPPED.name}/{entry.file}; the installation is incomplete"
    origin = entry.url or "FILE"
    stated = "" if entry.sha256 else " --sha256 SHA256"
    return (
        f"the model {entry.name!r} is not installed: `python manage.py models install {entry.name} "
        f"--from {origin}{stated}` does that"
    )


def _agreed_sha256(entry: Descriptor, stated: str | None) -> str:
    stated = None if stated is None else stated.lower()
    if stated is not None and not _SHA256.fullmatch(stated):
        raise ModelError(f"{stated!r} is no SHA-256: 64 hexadecimal digits are")
    if entry.sha256 is None and stated is None:
        raise ModelError(f"the SHA-256 of the model {entry.name!r} is not known here; state it with --sha256")
    if entry.sha256 is not None and stated not in (None, entry.sha256):
        raise ModelError(f"the SHA-256 of the model {entry.name!r} is {entry.sha256}, not {stated}")
    return entry.sha256 or stated or ""


def _record(entry: Descriptor) -> Path:
    return user_folder() / f"{entry.file}.sha256"


def _copy_checked(name: str, file: Path, target: Path, expected: str) -> None:
    if not file.is_file():
        raise ModelMissing(f"{file} is no file")
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as copy:
        partial = Path(copy.name)
    try:
        found = _copy(name, file, partial)
        if found != expected:
            raise ModelDamaged(f"{file} has the SHA-256 {found}; the model {name!r} should have {expected}")
        # Made for its owner alone; the workers may run as somebody else.
        partial.chmod(0o644)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy(name: str, file: Path, target: Path) -> str:
    """Copies, and tells the SHA-256 of what was copied: the file may change while it is read."""
    digest, size_bytes = hashlib.sha256(), 0
    with file.open("rb") as source, target.open("wb") as copy:
        while block := source.read(_BLOCK_BYTES):
            size_bytes += len(block)
            if size_bytes > MAX_MODEL_BYTES:
                raise ModelDamaged(f"{file} is larger than a model may be: {MAX_MODEL_BYTES} bytes ({name!r})")
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    partial.replace(path)
