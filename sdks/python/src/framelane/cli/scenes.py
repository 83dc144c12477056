"""Scenes from files: variables, and media that lie on this machine."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable
from urllib.parse import quote, unquote, urlsplit

from framelane.cli.failures import MISSING, REFUSED, USAGE, CommandFailed
from framelane.timeline.problems import nearest, pointer

SOURCE_FIELDS = frozenset({"source_url", "lut_url", "background_image_url"})
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}")
STAND_IN = "https://upload.invalid/"
"""Begins what stands for a local file until it is uploaded. RFC 6761: no host below `invalid` exists."""


@dataclass(frozen=True)
class LocalFile:
    """A file on this machine that a scene uses: where it lies, and the places (JSON pointers) that name it."""

    path: Path
    places: tuple[str, ...]


@dataclass(frozen=True)
class SceneFile:
    """A scene as it was read; `folder` is what its local files are relative to."""

    scene: Any
    folder: Path


def read_scene(name: str, variables: Sequence[str] = ()) -> SceneFile:
    """The scene in a file, `-` being stdin, with `{{name}}` replaced by the values of `name=value`.

    Raises CommandFailed when it cannot be read, is not JSON, or its variables and the given ones do not fit.
    """
    text, folder = (sys.stdin.read(), Path.cwd()) if name == "-" else (_text_of(Path(name)), Path(name).parent)
    try:
        scene = json.loads(text)
    except ValueError as error:
        shown = "stdin" if name == "-" else name
        raise CommandFailed(f"{shown} is not JSON: {error}", code=REFUSED) from None
    return SceneFile(_filled(scene, variables) if variables else scene, folder)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise CommandFailed(f"{path} is not UTF-8 text; a scene is JSON", code=REFUSED) from None


def _filled(scene: Any, variables: Sequence[str]) -> Any:
    values = dict(_variable(variable) for variable in variables)
    used: set[str] = set()

    def value_of(name: str) -> str:
        if name not in values:
            raise CommandFailed(f"the scene uses {{{{{name}}}}}; give it with --var {name}=…", code=USAGE)
        used.add(name)
        return values[name]

    made = _replaced(scene, value_of)
    if unused := [name for name in values if name not in used]:
        found = sorted({match[1] for match in _VARIABLE.finditer(json.dumps(scene, ensure_ascii=False))})
        hint = nearest(unused[0], found) or f"; the scene uses {', '.join(found) or 'no variables'}"
        raise CommandFailed(f"--var {unused[0]}: the scene has no {{{{{unused[0]}}}}}{hint}", code=USAGE)
    return made


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise CommandFailed(f"--var {text!r}: write name=value", code=USAGE)
    return name, value


def _replaced(node: Any, value_of: Callable[[str], str]) -> Any:
    if isinstance(node, dict):
        return {name: _replaced(value, value_of) for name, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value, value_of) for value in node]
    if not isinstance(node, str):
        return node
    if whole := _VARIABLE.fullmatch(node):
        return _scalar(value_of(whole[1]))
    return _VARIABLE.sub(lambda match: value_of(match[1]), node)


def _scalar(text: str) -> Any:
    """A number, true, false or null where a value is one; a variable alone in its string may stand for it."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, (dict, list, str)) else value


def local_files(file: SceneFile) -> list[LocalFile]:
    """The files of this machine that a scene names, each once. Raises CommandFailed for those that are not there."""
    places: dict[Path, list[str]] = {}
    for place, named in _sources(file.scene, []):
        path = _path_of(named, file.folder)
        if path is not None:
            places.setdefault(path, []).append(place)
    missing = [LocalFile(path, tuple(found)) for path, found in places.items() if not path.is_file()]
    if missing:
        raise CommandFailed(
            *(f"{each.places[0]}: there is no file {str(each.path)!r}" for each in missing), code=MISSING
        )
    return [LocalFile(path, tuple(found)) for path, found in places.items()]


def _sources(node: Any, here: list[Any]) -> Iterator[tuple[str, str]]:
    items: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        if name in SOURCE_FIELDS and isinstance(value, str) and value:
            yield pointer(*here, name), value
        else:
            yield from _sources(value, [*here, name])


def _path_of(named: str, folder: Path) -> Path | None:
    """The path that a source names; None for an address."""
    parts = urlsplit(named)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    # A single letter is a drive of Windows.
    if len(parts.scheme) > 1 or named.startswith("//"):
        return None
    return folder / named


def with_addresses(file: SceneFile, addresses: Mapping[Path, str]) -> Any:
    """The scene with addresses in place of local files."""
    return _addressed(file.scene, file.folder, addresses)


def _addressed(node: Any, folder: Path, addresses: Mapping[Path, str]) -> Any:
    if isinstance(node, list):
        return [_addressed(value, folder, addresses) for value in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for name, value in node.items():
        path = _path_of(value, folder) if name in SOURCE_FIELDS and isinstance(value, str) and value else None
        made[name] = addresses[path] if path is not None else _addressed(value, folder, addresses)
    return made


def stand_in(path: Path) -> str:
    """An address for a file that is not uploaded yet, good enough to check a scene with."""
    return STAND_IN + quote(path.name)
