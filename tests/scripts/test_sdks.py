"""What make sdks decides before it installs anything."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import sdks

Commands = list[list[str]]
LOCKED = {
    "": {"version": "0.1.0"},
    "node_modules/a": {"version": "1.0.0"},
    "node_modules/b": {"version": "2.0.0", "optional": True},
}


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What would have been run, in a folder of SDKs that lies elsewhere."""
    run: Commands = []
    for name in ("python", "typescript", "tools"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sdks, "SDKS", tmp_path)
    monkeypatch.setattr(sdks, "PYTHON_SDK", tmp_path / "python")
    monkeypatch.setattr(sdks, "TYPESCRIPT_SDK", tmp_path / "typescript")
    monkeypatch.setattr(sdks, "PYTHON", tmp_path / "python" / ".venv" / "bin" / "python")
    monkeypatch.setattr(sdks, "run", lambda command, folder: run.append(list(command)))
    return run


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def install(package: Path, installed: dict[str, Any]) -> None:
    write(package / "package-lock.json", {"packages": LOCKED})
    write(package / "node_modules" / ".package-lock.json", {"packages": installed})


def test_what_is_locked_is_installed_once(commands: Commands, tmp_path: Path) -> None:
    install(tmp_path / "tools", {"node_modules/a": {"version": "1.0.0"}})
    sdks.prepare_node(tmp_path / "tools")
    assert commands == []


@pytest.mark.parametrize("installed", [{}, {"node_modules/a": {"version": "1.0.1"}}, {"node_modules/b": {}}])
def test_what_differs_from_the_lock_is_installed_anew(
    commands: Commands, tmp_path: Path, installed: dict[str, Any]
) -> None:
    install(tmp_path / "tools", installed)
    sdks.prepare_node(tmp_path / "tools")
    assert [command[:2] for command in commands] == [["npm", "ci"]]


def test_nothing_installed_is_installed(commands: Commands, tmp_path: Path) -> None:
    write(tmp_path / "tools" / "package-lock.json", {"packages": LOCKED})
    sdks.prepare_node(tmp_path / "tools")
    assert [command[:2] for command in commands] == [["npm", "ci"]]


def test_the_environment_follows_its_requirements(commands: Commands, tmp_path: Path) -> None:
    project = tmp_path / "python" / "pyproject.toml"
    write(project, "a")
    write(sdks.PYTHON, "")
    sdks.prepare_python()
    assert commands.pop()[6:8] == ["-e", ".[dev]"]
    sdks.prepare_python()
    assert commands == []
    write(project, "b")
    sdks.prepare_python()
    assert len(commands) == 1


def test_the_build_follows_its_sources(commands: Commands, tmp_path: Path) -> None:
    package = tmp_path / "typescript"
    write(package / "src" / "client" / "index.ts", "a")
    write(package / "node_modules" / "x", "")
    (package / "dist").mkdir()
    for source, builds in (("a", 1), ("a", 0), ("b", 1)):
        write(package / "src" / "client" / "index.ts", source)
        sdks.build_typescript()
        assert len(commands) == builds
        commands.clear()


def test_a_build_that_is_gone_is_made_again(commands: Commands, tmp_path: Path) -> None:
    write(tmp_path / "typescript" / "node_modules" / "x", "")
    sdks.build_typescript()
    sdks.build_typescript()
    assert commands == [["npm", "run", "--silent", "build"]] * 2


def test_a_command_that_fails_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(sdks.CommandFailed, match=r"^false in scripts ended with status 1$"):
        sdks.run(["false"], sdks.ROOT / "scripts")


def test_node_is_the_one_beside_this_python() -> None:
    first = sdks.environment({"A": "1"})["PATH"].split(":")[0]
    assert (Path(first) / "node").exists()
    assert (Path(first) / "npm").exists()
