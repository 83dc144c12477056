"""What every command works with."""

from __future__ import annotations

from argparse import Namespace
from functools import cached_property

from framelane import Framelane
from framelane.cli.config import Config
from framelane.cli.terminal import Terminal


class Context:
    """The options that all commands share, and what follows from them."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.terminal = Terminal(as_json=getattr(options, "json", False), quiet=getattr(options, "quiet", False))

    @cached_property
    def config(self) -> Config:
        return Config()

    @property
    def base_url(self) -> str:
        """The server's address."""
        return getattr(self.options, "base_url", None) or self.config.base_url

    @property
    def api_key(self) -> str | None:
        """The key that is sent, if there is one."""
        return getattr(self.options, "api_key", None) or self.config.api_key(self.base_url)

    @cached_property
    def client(self) -> Framelane:
        """The client of the API."""
        return Framelane(api_key=self.api_key, base_url=self.base_url)
