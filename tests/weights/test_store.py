"""Files of networks are found where they belong, and nothing is used that is not what it should be."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gpu_tasks.weights import store
from gpu_tasks.weights.catalogue import UnknownModel, descriptors
from gpu_tasks.weights.descriptor import Descriptor
from gpu_tasks.weights.store import ModelDamaged, ModelError, ModelMissing

CONTENT = b"some weights"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PACKAGED = [entry.name for entry in descriptors() if entry.packaged]


def _entry(name: str, **changes: object) -> Descriptor:
    facts: dict[str, object] = {
        "name": name,
        "purpose": "super_resolution",
        "file": f"{name}.pth",
        "sha256": SHA256,
        "size_bytes": len(CONTENT),
        "licence": "MIT",
        "commercial_use": True,
        "source": "a test",
        "architecture": "none",
        "url": "https://models.test/a.pth",
    }
    return Descriptor(**(facts | changes))  # type: ignore[arg-type]


ENTRIES = {
    "pinned": _entry("pinned"),
    "unpinned": _entry("unpinned", sha256=None, size_bytes=0),
    "shipped": _entry("shipped", packaged=True),
    "in-a-package": _entry("in-a-package", packaged=True, package="surely_not_installed"),
}


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A catalogue of four networks, and an empty folder of the operator."""
    monkeypatch.setenv(store.FOLDER_SETTING, str(tmp_path / "models"))
    if "real_catalogue" not in request.fixturenames:
        monkeypatch.setattr(store, "descriptor", ENTRIES.__getitem__)


@pytest.fixture
def real_catalogue() -> None:
    """Names are those of the project."""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "download.bin"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.usefixtures("real_catalogue")
@pytest.mark.parametrize("name", PACKAGED)
def test_what_comes_with_the_software_is_there_and_whole(name: str) -> None:
    entry = next(entry for entry in descriptors() if entry.name == name)
    assert store.is_present(name)
    assert store.verify(name).stat().st_size == entry.size_bytes


@pytest.mark.usefixtures("real_catalogue")
@pytest.mark.parametrize("ask", [store.path_of, store.verify, store.is_present, store.expected_sha256])
def test_unknown_names_are_refused(ask: Callable[[str], object]) -> None:
    with pytest.raises(UnknownModel, match="did you mean 'selfie-segmentation'"):
        ask("selfie-segmentatio")


def test_an_installed_file_is_found_and_whole(given: Path, tmp_path: Path) -> None:
    installed = store.install("pinned", given)
    assert installed == tmp_path / "models" / "pinned.pth" == store.path_of("pinned") == store.verify("pinned")
    assert installed.read_bytes() == CONTENT
    assert installed.stat().st_mode & 0o044 == 0o044
    assert os.listdir(tmp_path / "models") == ["pinned.pth"]


def test_installing_again_replaces_the_file(given: Path) -> None:
    store.install("pinned", given).write_bytes(b"spoilt")
    with pytest.raises(ModelDamaged, match=f"should be {SHA256}"):
        store.verify("pinned")
    store.install("pinned", given)
    assert store.verify("pinned").read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["pinned", "unpinned"])
def test_a_missing_file_says_how_to_get_it(name: str) -> None:
    assert not store.is_present(name)
    stated = " --sha256 SHA256" if name == "unpinned" else ""
    command = f"`python manage.py models install {name} --from https://models.test/a.pth{stated}`"
    with pytest.raises(ModelMissing) as missing:
        store.verify(name)
    assert command in str(missing.value)


@pytest.mark.parametrize(("name", "what"), [("shipped", "incomplete"), ("in-a-package", "surely_not_installed")])
def test_a_missing_part_of_the_software_is_named(name: str, what: str) -> None:
    with pytest.raises(ModelMissing, match=what):
        store.path_of(name)


def test_a_wrong_file_is_not_installed(given: Path, tmp_path: Path) -> None:
    given.write_bytes(b"other weights")
    with pytest.raises(ModelDamaged, match=f"the model 'pinned' should have {SHA256}"):
        store.install("pinned", given)
    assert os.listdir(tmp_path / "models") == []


def test_a_failed_installation_leaves_the_old_file(given: Path) -> None:
    store.install("pinned", given)
    given.write_bytes(b"other weights")
    with pytest.raises(ModelDamaged):
        store.install("pinned", given)
    assert store.verify("pinned").read_bytes() == CONTENT


def test_a_file_above_the_limit_is_not_installed(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_MODEL_BYTES", len(CONTENT) - 1)
    with pytest.raises(ModelDamaged, match="larger than a model may be: 11 bytes"):
        store.install("pinned", given)
    assert os.listdir(tmp_path / "models") == []


def test_what_is_not_pinned_must_be_stated(given: Path) -> None:
    with pytest.raises(ModelError, match="state it with --sha256"):
        store.install("unpinned", given)


@pytest.mark.parametrize("spelt", [SHA256, SHA256.upper()])
def test_what_was_stated_is_kept_and_held_to(spelt: str, given: Path) -> None:
    path = store.install("unpinned", given, spelt)
    assert store.expected_sha256("unpinned") == SHA256
    assert store.verify("unpinned") == path
    path.write_bytes(b"changed since")
    with pytest.raises(ModelDamaged, match="it should be"):
        store.verify("unpinned")


@pytest.mark.parametrize("record", [b"", b"\xff\xfe", b"not a sum", b"0" * 63])
def test_a_file_that_nobody_vouches_for_is_not_used(record: bytes, given: Path) -> None:
    path = store.install("unpinned", given, SHA256)
    path.with_name(path.name + ".sha256").write_bytes(record)
    with pytest.raises(ModelDamaged, match="nobody stated"):
        store.verify("unpinned")


@pytest.mark.parametrize("stated", ["", "abc", "g" * 64, SHA256 + "0"])
def test_what_is_no_sum_is_refused(stated: str, given: Path) -> None:
    with pytest.raises(ModelError, match="is no SHA-256"):
        store.install("unpinned", given, stated)


def test_a_pinned_sum_cannot_be_overruled(given: Path) -> None:
    with pytest.raises(ModelError, match=f"is {SHA256}, not {'0' * 64}"):
        store.install("pinned", given, "0" * 64)


@pytest.mark.parametrize("name", ["shipped", "in-a-package"])
def test_what_comes_with_the_software_is_not_installed(name: str, given: Path) -> None:
    with pytest.raises(ModelError, match="comes with the software"):
        store.install(name, given)


@pytest.mark.parametrize("make", [lambda _path: None, lambda path: path.mkdir()])
def test_only_files_are_installed(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "odd")
    with pytest.raises(ModelMissing, match="is no file"):
        store.install("pinned", tmp_path / "odd")


def test_the_folder_is_the_projects_own_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(store.FOLDER_SETTING)
    assert store.user_folder().parts[-2:] == ("var", "models")
