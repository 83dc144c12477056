"""The catalogue says of every network what a task and its operator need to know."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from gpu_tasks.weights.catalogue import (
    CATALOGUE,
    InvalidCatalogue,
    UnknownModel,
    descriptor,
    descriptors,
    of_purpose,
    read_catalogue,
)
from gpu_tasks.weights.descriptor import Descriptor, Purpose
from gpu_tasks.weights.store import MAX_MODEL_BYTES

ENTRY = {
    "name": "mine",
    "purpose": "gaze",
    "file": "mine.safetensors",
    "sha256": None,
    "size_bytes": 12,
    "licence": "MIT",
    "commercial_use": True,
    "source": "me",
    "architecture": "one layer",
}


@pytest.mark.parametrize("entry", descriptors(), ids=lambda entry: str(entry.name))
def test_every_entry_is_complete(entry: Descriptor) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", entry.name)
    assert entry.file
    assert ".." not in Path(entry.file).parts
    assert not Path(entry.file).is_absolute()
    assert entry.licence
    assert entry.source
    assert entry.architecture
    assert entry.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert 0 <= entry.size_bytes <= MAX_MODEL_BYTES
    assert entry.sha256 is None or entry.size_bytes > 0


@pytest.mark.parametrize("entry", [e for e in descriptors() if e.packaged], ids=lambda entry: str(entry.name))
def test_what_comes_with_the_software_is_pinned_and_may_be_sold(entry: Descriptor) -> None:
    assert entry.sha256 is not None
    assert entry.commercial_use


def test_names_and_files_are_unique() -> None:
    assert len({entry.name for entry in descriptors()}) == len(descriptors())
    assert len({(entry.package, entry.file) for entry in descriptors()}) == len(descriptors())


def test_a_purpose_has_its_networks() -> None:
    by_purpose = {purpose: of_purpose(purpose) for purpose in get_args(Purpose)}
    assert sorted(e.name for part in by_purpose.values() for e in part) == sorted(e.name for e in descriptors())
    assert "selfie-segmentation" in [entry.name for entry in by_purpose["background_removal"]]


def test_a_network_is_found_by_its_name() -> None:
    assert descriptor("face-landmark").purpose == "gaze"


@pytest.mark.parametrize(
    ("name", "hint"), [("face-landmarks", "did you mean 'face-landmark'"), ("zzz", "known are"), ("", "known are")]
)
def test_an_unknown_name_is_told_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownModel, match=hint):
        descriptor(name)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"purpose": "upscaling"}, "purpose is 'upscaling'"),
        ({"size_bytes": "12"}, "size_bytes is '12'"),
        ({"size_bytes": True}, "size_bytes is True"),
        ({"commercial_use": 1}, "commercial_use is 1"),
        ({"sha256": 5}, "sha256 is 5"),
        ({"variant": "best"}, "variant is 'best'"),
        ({"weight": 1}, "weight"),
    ],
)
def test_a_wrong_entry_is_refused(change: dict[str, Any], complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps([ENTRY | change]))
    with pytest.raises(InvalidCatalogue, match=f"'mine'.*{complaint}"):
        read_catalogue(path)


@pytest.mark.parametrize("field", [f.name for f in fields(Descriptor) if f.name in ENTRY and f.name != "name"])
def test_an_incomplete_entry_is_refused(field: str, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps([{name: value for name, value in ENTRY.items() if name != field}]))
    with pytest.raises(InvalidCatalogue, match=field):
        read_catalogue(path)


def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps([ENTRY, ENTRY]))
    with pytest.raises(InvalidCatalogue, match="'mine' is listed twice"):
        read_catalogue(path)


def test_the_whole_file_is_read() -> None:
    assert [entry.name for entry in descriptors()] == [e["name"] for e in json.loads(CATALOGUE.read_text())]


def test_the_catalogue_and_the_store_load_nothing_heavy() -> None:
    program = (
        "import sys; import gpu_tasks.weights.store as s; from gpu_tasks.weights.catalogue import descriptors; "
        "[s.is_present(e.name) for e in descriptors()]; "
        "print([m for m in ('torch', 'numpy', 'django', 'mediapipe', 'av', 'cv2') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"
