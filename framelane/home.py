"""The folder that holds everything a self-contained installation keeps: database, store, broker, mail, secret."""

import os
import secrets
from pathlib import Path


def prepare_home(home: Path) -> Path:
    """Create the folder for its owner alone. Raises OSError when that is impossible."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def subfolder(home: Path, name: str) -> Path:
    """`home/name`, created when missing."""
    folder = home / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def folder_named(setting: str) -> Path | None:
    """The folder that a setting names, absolute; None when the setting is empty. Nothing is created."""
    return Path(setting).resolve() if setting else None


def generated_secret(home: Path) -> str:
    """The secret of this installation, made on first use. Processes that start at once agree on one."""
    path = home / "secret_key"
    if not path.exists():
        _publish(path, secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def _publish(path: Path, secret: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    try:
        # A link either appears whole or not at all, and never replaces the file of a faster process.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
