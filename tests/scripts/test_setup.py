"""What make setup decides before it installs anything."""

from pathlib import Path

import pytest

from scripts import setup


@pytest.fixture
def requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "base.txt").write_text("alice==1\n")
    (folder / "worker.txt").write_text("-r base.txt\nbob==1\n")
    (folder / "dev.txt").write_text("-r worker.txt\ncharlie==1\n")
    (folder / "without-dependencies.txt").write_text("dave==1\n")
    monkeypatch.setattr(setup, "REQUIREMENTS", str(folder))
    monkeypatch.setattr(setup, "VENV", str(tmp_path))
    return folder


@pytest.mark.parametrize("name", ["base", "worker", "without-dependencies"])
@pytest.mark.parametrize("kind", setup.KINDS)
def test_a_change_in_any_file_changes_the_digest(requirements: Path, kind: str, name: str) -> None:
    before = setup.digest_of(kind)
    (requirements / f"{name}.txt").write_text("alice==2\n")
    assert setup.digest_of(kind) != before


def test_installing_dev_also_installs_worker(requirements: Path) -> None:
    assert not setup.is_installed("worker", setup.digest_of("worker"))
    setup.write_stamp("dev", setup.digest_of("dev"))
    assert setup.is_installed("worker", setup.digest_of("worker"))
    assert setup.is_installed("dev", setup.digest_of("dev"))


@pytest.fixture
def commands(requirements: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What setup would have run."""
    run: list[list[str]] = []
    monkeypatch.setattr(setup, "missing_libraries", list)
    monkeypatch.setattr(setup, "make_venv", lambda: None)
    monkeypatch.setattr(setup, "compile_modules", lambda: None)
    monkeypatch.setattr(setup, "run", run.append)
    return run


@pytest.mark.parametrize("kind", setup.KINDS)
def test_installs_some_packages_without_what_they_ask_for(
    commands: list[list[str]], requirements: Path, kind: str
) -> None:
    setup.main([kind])
    assert [command[-1] for command in commands] == [
        str(requirements / f"{kind}.txt"),
        str(requirements / "without-dependencies.txt"),
    ]
    assert ["--no-deps" in command for command in commands] == [False, True]


@pytest.mark.parametrize("kind", setup.KINDS)
def test_installs_nothing_twice(commands: list[list[str]], kind: str) -> None:
    setup.main([kind])
    commands.clear()
    setup.main([kind])
    assert commands == []


@pytest.mark.parametrize("arguments", [[], ["gpu"], ["worker", "dev"]])
def test_refuses_what_it_does_not_know(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"usage: setup\.py worker\|dev"):
        setup.main(arguments)


def test_installing_worker_does_not_install_dev(requirements: Path) -> None:
    setup.write_stamp("worker", setup.digest_of("worker"))
    assert not setup.is_installed("dev", setup.digest_of("dev"))


def test_an_unprivileged_user_is_told_the_one_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1"):
        setup.install_system_packages(["libegl1", "libgl1"])


def test_an_unsuitable_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or 3\.12; this is"):
        setup.suitable_python()


def test_a_suitable_python_beside_an_unsuitable_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 13, 0))
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/{name}" if name == "python3.11" else None)
    assert setup.suitable_python() == "/opt/python3.11"


def test_every_library_that_the_wheels_need_is_on_this_machine() -> None:
    assert setup.missing_libraries() == []
