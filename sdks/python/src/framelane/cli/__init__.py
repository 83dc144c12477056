"""The command `framelane`."""

from framelane.cli.app import main

__all__ = ["main"]
