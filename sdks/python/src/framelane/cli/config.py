"""Keys that `framelane login` keeps: a file that only its owner may read, with a key for each server."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from framelane._settings import DEFAULT_BASE_URL
from framelane.cli.failures import CommandFailed


def config_path() -> Path:
    """`framelane/config.json` below XDG_CONFIG_HOME, `~/.config` unless set; FRAMELANE_CONFIG names another file."""
    if named := os.environ.get("FRAMELANE_CONFIG"):
        return Path(named)
    if sys.platform == "win32" and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "framelane" / "config.json"
    home = os.environ.get("XDG_CONFIG_HOME") or ""
    folder = Path(home) if os.path.isabs(home) else Path.home() / ".config"
    return folder / "framelane" / "config.json"


class Config:
    """What the file holds: `base_url`, the server last logged in to, and a key for each server.

    A key is only ever sent to the server that it was kept for.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_path()
        self._data = self._read()

    @property
    def base_url(self) -> str:
        """The address of the server: FRAMELANE_BASE_URL, else that of the last login, else the local one."""
        return _tidy(os.environ.get("FRAMELANE_BASE_URL") or str(self._data.get("base_url") or DEFAULT_BASE_URL))

    def api_key(self, base_url: str) -> str | None:
        """The key for a server: FRAMELANE_API_KEY, else the one that was kept."""
        kept = self._servers().get(_tidy(base_url), {}).get("api_key")
        return os.environ.get("FRAMELANE_API_KEY") or kept or None

    def keep(self, base_url: str, api_key: str) -> None:
        """Keep a key, and its server as the one to talk to."""
        servers = {**self._servers(), _tidy(base_url): {"api_key": api_key}}
        self._write({**self._data, "base_url": _tidy(base_url), "servers": servers})

    def forget(self, base_url: str) -> bool:
        """Drop the key of a server; whether there was one."""
        servers = dict(self._servers())
        had = servers.pop(_tidy(base_url), None) is not None
        if had:
            self._write({**self._data, "servers": servers})
        return had

    def _servers(self) -> dict[str, Any]:
        servers = self._data.get("servers")
        return servers if isinstance(servers, dict) else {}

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            raise CommandFailed(f"{self.path} is not JSON; mend or remove it, then run `framelane login`") from None
        return data if isinstance(data, dict) else {}

    def _write(self, data: dict[str, Any]) -> None:
        """A new file in place of the old one: never readable for others, never half written."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=".config-")  # made with mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(data, file, indent=2)
                file.write("\n")
            os.replace(name, self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._data = data


def _tidy(url: str) -> str:
    return url.strip().rstrip("/")
