"""The document beside the SDKs: the same on every machine, and the one that the code makes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from framelane.api.openapi import build
from scripts import openapi
from scripts.processes import ROOT


def test_is_what_the_code_says() -> None:
    assert openapi.difference_to(openapi.PATH.read_text("utf-8"), openapi.written(build())) == ""


@pytest.mark.slow
def test_no_setting_and_no_hash_seed_changes_it() -> None:
    surroundings = {
        "PYTHONHASHSEED": "7",
        "PORT": "9999",
        "FRAMELANE_PUBLIC_URL": "https://films.example.org",
        "FRAMELANE_RATE_LIMIT_PRO": "7",
        "FRAMELANE_ENV": "production",
    }
    code = "from scripts import openapi; print(openapi.in_default_environment(), end='')"
    env = {**os.environ, **surroundings}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == openapi.PATH.read_text("utf-8")


def test_names_nobodys_server() -> None:
    document = json.loads(openapi.written({"openapi": "3.1.0", "servers": [{"url": "https://films.example.org"}]}))
    assert document == {"openapi": "3.1.0", "servers": [{"url": "http://localhost:8000"}]}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(openapi, "PATH", tmp_path / "openapi.json")
    monkeypatch.setattr(openapi, "in_default_environment", lambda: "{}\n")
    return tmp_path / "openapi.json"


@pytest.mark.parametrize("committed", [None, '{"a": 1}\n'])
def test_a_check_fails_and_says_what_to_do(
    elsewhere: Path,
    committed: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if committed is not None:
        elsewhere.write_text(committed)
    monkeypatch.setattr("sys.argv", ["openapi", "--check"])
    assert openapi.main() == 1
    assert "python -m scripts.openapi\n" in capsys.readouterr().out
    assert (elsewhere.read_text() if elsewhere.exists() else None) == committed


def test_what_was_written_passes_the_check(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in ([], ["--check"]):
        monkeypatch.setattr("sys.argv", ["openapi", *arguments])
        assert openapi.main() == 0
