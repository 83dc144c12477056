"""Registries: entries by name, defined in the modules of a package."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """The entries that the modules of `package` register, one family a module.

    They are loaded when the first entry is asked for: a film without effects starts without loading any.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._entries: dict[str, T] = {}
        self._is_complete = False

    def add(self, name: str, entry: T) -> None:
        self._entries[name] = entry

    def __getitem__(self, name: str) -> T:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, T]:
        if not self._is_complete:
            for module in iter_modules(import_module(self._package).__path__):
                import_module(f"{self._package}.{module.name}")
            self._is_complete = True
        return self._entries
