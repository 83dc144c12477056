"""What is published: each package, installed where nothing else is, runs the first example of its README."""

import json
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import av
import pytest

from scripts import sdks
from scripts.processes import ROOT
from tests.sdks.commands import output_of
from tests.sdks.readme import first_example
from tests.sdks.stand import Stand

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(2400)]

SAMPLES = ROOT / "docs" / "samples"


@pytest.fixture(scope="module")
def wheel(prepared_sdks: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    output_of([sdks.PYTHON, "-m", "build", "--outdir", folder], sdks.PYTHON_SDK)
    assert [path.name.rpartition(".")[2] for path in sorted(folder.iterdir())] == ["whl", "gz"]
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def tarball(prepared_sdks: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tarball")
    output_of(["npm", "pack", "--silent", "--pack-destination", folder], sdks.TYPESCRIPT_SDK)
    return next(folder.glob("*.tgz"))


@pytest.fixture(scope="module")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("python")
    output_of([sys.executable, "-m", "venv", folder], folder)
    output_of([folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel], folder)
    return folder / "bin"


@pytest.fixture(scope="module")
def empty_project(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that has the tarball and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text(json.dumps({"name": "film", "private": True, "type": "module"}))
    output_of(["npm", "install", "--silent", tarball], folder)
    return folder


def files_of(folder: Path) -> Path:
    """The folder with the sample files that examples may use."""
    for path in SAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    return folder


def films_in(folder: Path) -> list[Path]:
    """What an example made there."""
    given = {path.name for path in SAMPLES.iterdir()}
    return [path for path in folder.iterdir() if path.suffix in (".mp4", ".webm", ".mov") and path.name not in given]


def assert_is_film(path: Path) -> None:
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).width > 0


def test_the_first_example_for_python(stand: Stand, empty_environment: Path, tmp_path: Path) -> None:
    folder = files_of(tmp_path)
    (folder / "example.py").write_text(first_example(sdks.PYTHON_SDK / "README.md", "python"))
    output_of([empty_environment / "python", "-I", "example.py"], folder, stand.variables)
    (film,) = films_in(folder)
    assert_is_film(film)


def test_the_first_example_for_typescript(stand: Stand, empty_project: Path) -> None:
    folder = files_of(empty_project)
    (folder / "example.ts").write_text(first_example(sdks.TYPESCRIPT_SDK / "README.md", "ts"))
    # Node strips the types; the compiler holds the example to them in `test_the_example_has_the_right_types`.
    output_of(["node", "--disable-warning=ExperimentalWarning", "example.ts"], folder, stand.variables)
    (film,) = films_in(folder)
    assert_is_film(film)


def test_the_example_has_the_right_types(empty_project: Path) -> None:
    (empty_project / "typed.ts").write_text(first_example(sdks.TYPESCRIPT_SDK / "README.md", "ts"))
    compiler = sdks.TYPESCRIPT_SDK / "node_modules" / "typescript" / "bin" / "tsc"
    types = ["--typeRoots", str(sdks.TYPESCRIPT_SDK / "node_modules" / "@types"), "--types", "node"]
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"]
    output_of(["node", compiler, *options, *types, "typed.ts"], empty_project)


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("--input-type=module", 'import { Framelane } from "@framelane/sdk"; console.log(typeof Framelane)'),
        ("--input-type=commonjs", 'const { Framelane } = require("@framelane/sdk"); console.log(typeof Framelane)'),
    ],
)
def test_the_package_is_both_imported_and_required(empty_project: Path, flag: str, code: str) -> None:
    assert output_of(["node", flag, "--eval", code], empty_project).strip() == "function"


def test_the_command_comes_with_the_wheel(empty_environment: Path, tmp_path: Path) -> None:
    assert "framelane" in output_of([empty_environment / "framelane", "--version"], tmp_path)


def test_the_wheel_brings_its_types_and_its_licence_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "framelane/py.typed" in names
    assert any(name.endswith("/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"framelane"}


def test_the_tarball_brings_what_is_built_and_no_tests(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    assert {"README.md", "LICENSE", "package.json", "dist/esm/index.js", "dist/cjs/index.js"} <= names
    assert {name.split("/")[0] for name in names} <= {"README.md", "LICENSE", "package.json", "dist", "src"}


def test_both_kinds_of_modules_and_types_are_found(prepared_sdks: None) -> None:
    output_of(["npm", "run", "--silent", "check"], sdks.TYPESCRIPT_SDK)
