"""`manage.py models`: what is listed, verified and installed, and what is refused."""

import dataclasses
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gpu_tasks.weights import catalogue, store
from gpu_tasks.weights.descriptor import Descriptor
from tests.answering import Start, answering_servers

WEIGHTS = b"a network, as it were"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
PINNED = Descriptor(
    name="pinned",
    purpose="super_resolution",
    file="pinned.safetensors",
    sha256=SHA256,
    size_bytes=len(WEIGHTS),
    licence="MIT",
    commercial_use=True,
    source="tests",
    architecture="none",
)
FREE = dataclasses.replace(PINNED, name="free", file="free.pth", sha256=None, licence="NC", commercial_use=False)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """Two networks are known besides those of the software; nothing is installed."""
    known = (*catalogue.descriptors(), PINNED, FREE)
    monkeypatch.setattr(catalogue, "descriptors", lambda: known)
    monkeypatch.setattr("apps.capabilities.management.commands.models.descriptors", lambda: known)
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path / "models"))
    settings.FRAMELANE_NET_ALLOW = ["127.0.0.0/8"]
    return tmp_path / "models"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    (tmp_path / "weights.bin").write_bytes(WEIGHTS)
    return tmp_path / "weights.bin"


@pytest.fixture
def serve() -> Iterator[Start]:
    with answering_servers("/weights") as start:
        yield start


def models(*arguments: str) -> str:
    out = io.StringIO()
    call_command("models", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        models(*arguments)
    return str(caught.value)


def line_of(name: str) -> list[str]:
    return next(line.split() for line in models("list").splitlines() if line.split()[0] == name)


def test_lists_every_network_with_its_licence(folder: Path, weights: Path) -> None:
    listing = models("list")
    assert all(entry.name in listing for entry in catalogue.descriptors())
    assert str(folder) in listing
    assert line_of("pinned")[2:] == ["-", "0.0", "MIT"]
    assert "not for commercial use" in " ".join(line_of("free"))
    models("install", "pinned", "--from", str(weights))
    assert line_of("pinned")[2] == "installed"


def test_what_comes_with_the_software_is_shipped() -> None:
    packaged = next(entry for entry in catalogue.descriptors() if entry.packaged)
    assert line_of(packaged.name)[2] == "shipped"


def test_installs_a_file(folder: Path, weights: Path) -> None:
    assert str(folder / "pinned.safetensors") in models("install", "pinned", "--from", str(weights))
    assert (folder / "pinned.safetensors").read_bytes() == WEIGHTS
    assert "pinned" in models("verify", "pinned")


def test_installs_from_the_web(folder: Path, serve: Start) -> None:
    models("install", "pinned", "--from", serve(WEIGHTS))
    assert [path.name for path in folder.iterdir()] == ["pinned.safetensors"]


def test_a_network_without_a_pin_needs_a_stated_sha256(weights: Path) -> None:
    assert "--sha256" in refusal("install", "free", "--from", str(weights))
    models("install", "free", "--from", str(weights), "--sha256", SHA256)
    assert "free" in models("verify", "free")


def test_refuses_another_file(folder: Path, weights: Path, serve: Start) -> None:
    weights.write_bytes(b"something else")
    for origin in (str(weights), serve(b"something else")):
        assert SHA256 in refusal("install", "pinned", "--from", origin)
    assert list(folder.iterdir()) == []


def test_says_what_the_server_answered(serve: Start) -> None:
    assert "404" in refusal("install", "pinned", "--from", serve(b"", 404))


def test_refuses_private_addresses_and_huge_files(serve: Start, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(WEIGHTS)
    with monkeypatch.context() as patched:
        patched.setattr(store, "MAX_MODEL_BYTES", 3)
        assert "at most 3" in refusal("install", "pinned", "--from", url)
    settings.FRAMELANE_NET_ALLOW = []
    assert refusal("install", "pinned", "--from", url)


@pytest.mark.parametrize("origin", ["nowhere.bin", "/", "ftp://example.org/weights", ""])
def test_refuses_what_is_no_file(origin: str) -> None:
    assert "no file" in refusal("install", "pinned", "--from", origin)


def test_names_the_nearest_network(weights: Path) -> None:
    assert "'pinned'" in refusal("install", "pined", "--from", str(weights))
    assert "'pinned'" in refusal("verify", "pined")


def test_what_comes_with_the_software_is_not_installed(weights: Path) -> None:
    packaged = next(entry for entry in catalogue.descriptors() if entry.packaged)
    assert "comes with the software" in refusal("install", packaged.name, "--from", str(weights))


def test_verifies_all_that_is_here(folder: Path, weights: Path) -> None:
    models("install", "pinned", "--from", str(weights))
    shipped = [entry.name for entry in catalogue.descriptors() if entry.packaged and store.is_present(entry.name)]
    verified = models("verify")
    assert all(f"{name}: " in verified for name in [*shipped, "pinned"])
    (folder / "pinned.safetensors").write_bytes(b"rotten")
    message = refusal("verify")
    assert message.startswith(f"1 of {len(shipped) + 1} cannot be used.")
    assert "'pinned'" in message


def test_a_named_network_must_be_here() -> None:
    assert "models install pinned" in refusal("verify", "pinned")
