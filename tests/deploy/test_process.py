"""`python -m scripts.process` becomes what the Procfile says, as the same process."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import process
from scripts.demo import __main__ as demo
from scripts.processes import ROOT
from tests.deploy.files import PROCESSES


@pytest.mark.parametrize("name", PROCESSES)
def test_it_takes_the_place_of_the_one_that_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[Any] = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(os, "execve", lambda *arguments: became.append(arguments))
    process.main([name])
    (program, arguments, environment) = became[0]
    assert (program, arguments) == ("/bin/sh", ["/bin/sh", "-c", f"exec {PROCESSES[name]}"])
    assert environment["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


@pytest.mark.parametrize(("arguments", "said"), [([], "usage"), (["web", "beat"], "usage"), (["wbe"], "'wbe' is no")])
def test_mistakes_are_named(arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        process.main(arguments)


def test_the_demo_renders_elsewhere_only_with_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KEY", raising=False)
    monkeypatch.setattr(sys, "argv", ["demo", "--url", "https://films.example.org"])
    with pytest.raises(SystemExit):
        demo.main()
    assert "--url needs --key" in capsys.readouterr().err


def test_the_demo_says_when_nobody_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scene = tmp_path / "scene.json"
    scene.write_text('{"duration": 1, "elements": []}', "utf-8")
    options = ["--home", str(tmp_path), "--url", "http://127.0.0.1:1", "--key", "fl_test"]
    monkeypatch.setattr(sys, "argv", ["demo", str(scene), *options])
    monkeypatch.setattr(demo, "end_on_signals", lambda: None)
    assert demo.main() == 1
    assert "refused" in capsys.readouterr().err
