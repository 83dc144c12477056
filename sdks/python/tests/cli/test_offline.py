"""What the command does without a server."""

from __future__ import annotations

import json
import subprocess
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shell import COMMAND, PATIENCE_S, Command

from framelane.cli.parser import parser

TITLE: dict[str, Any] = {"type": "text", "text": "Hello {{name}}", "duration": 1}


def scene(folder: Path, *elements: dict[str, Any], **canvas: Any) -> str:
    path = folder / "scene.json"
    path.write_text(json.dumps({"elements": list(elements), **canvas}), "utf-8")
    return str(path)


def test_help_says_what_there_is_and_how_it_ends(nowhere: Command) -> None:
    done = nowhere("--help")
    assert done.code == 0
    for said in ("render scene.json -o film.mp4", "exit codes:", "FRAMELANE_API_KEY", "webhooks", "NO_COLOR"):
        assert said in done.out


def commands_below(made: ArgumentParser) -> Iterator[ArgumentParser]:
    for action in made._actions:
        for child in (action.choices or {}).values() if isinstance(action, _SubParsersAction) else ():
            yield child
            yield from commands_below(child)


def test_every_command_and_option_explains_itself() -> None:
    found = list(commands_below(parser()))
    assert len(found) >= 21
    for command in found:
        assert command.description
        assert all(action.help for action in command._actions if action.option_strings), command.prog
        assert command.format_help().startswith(f"usage: {command.prog}")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("rendr",),
        ("render",),
        ("jobs", "--limit", "0"),
        ("jobs", "--status", "done"),
        ("render", "s.json", "--detac"),
    ],
)
def test_a_wrong_command_line_ends_with_2(nowhere: Command, arguments: tuple[str, ...]) -> None:
    done = nowhere(*arguments)
    assert done.code == 2
    assert "error:" in done.err
    assert "Traceback" not in done.err


def test_a_good_scene_is_valid(nowhere: Command) -> None:
    done = nowhere("validate", "-", stdin=json.dumps({"elements": [TITLE]}))
    assert (done.code, done.out, done.err) == (0, "valid\n", "")


def test_a_mistake_is_one_line_with_its_place_and_what_is_accepted(nowhere: Command) -> None:
    done = nowhere("validate", scene(nowhere.folder, {**TITLE, "opacity": 120}))
    assert (done.code, done.out) == (3, "")
    assert done.err == "error: /elements/0/opacity: Input should be less than or equal to 100 (received 120)\n"


def test_warnings_are_no_reason_to_refuse(nowhere: Command) -> None:
    done = nowhere("validate", scene(nowhere.folder, {**TITLE, "fontsize": 3}))
    assert (done.code, done.out) == (0, "valid\n")
    assert "warning: /elements/0/fontsize: unknown field 'fontsize' is ignored; did you mean 'font_size'?" in done.err


def test_findings_as_json(nowhere: Command) -> None:
    done = nowhere("--json", "validate", scene(nowhere.folder, {**TITLE, "opacity": 120}))
    assert done.code == 3
    found = json.loads(done.out)
    assert found["valid"] is False
    assert [violation["path"] for violation in found["violations"]] == ["/elements/0/opacity"]


def test_files_of_a_scene_must_be_there(nowhere: Command) -> None:
    clip = {"type": "video", "source_url": "missing.mp4"}
    done = nowhere("validate", scene(nowhere.folder, clip))
    assert done.code == 5
    assert done.err.startswith("error: /elements/0/source_url: there is no file ")
    (nowhere.folder / "missing.mp4").write_bytes(b"here it is")
    assert nowhere("validate", scene(nowhere.folder, clip)).code == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.json", b"{", "is not JSON"),
        ("latin.json", b'{"a": "\xe9"}', "is not UTF-8 text"),
    ],
)
def test_what_is_no_scene_is_told(nowhere: Command, name: str, content: bytes, said: str) -> None:
    (nowhere.folder / name).write_bytes(content)
    done = nowhere("validate", name)
    assert done.code == 3
    assert said in done.err


def test_a_scene_that_is_not_there(nowhere: Command) -> None:
    done = nowhere("render", "nothing.json")
    assert (done.code, done.err) == (5, "error: nothing.json: No such file or directory\n")


def test_variables_fit_the_scene(nowhere: Command) -> None:
    name = scene(nowhere.folder, {**TITLE, "duration": "{{seconds}}"})
    assert nowhere("validate", name, "--var", "name=Ada", "--var", "seconds=2").code == 0
    long = nowhere("validate", name, "--var", "name=Ada", "--var", "seconds=long")
    assert "/elements/0/duration" in long.err
    lacking = nowhere("validate", name, "--var", "name=Ada")
    assert (lacking.code, lacking.err) == (2, "error: the scene uses {{seconds}}; give it with --var seconds=…\n")
    spare = nowhere("validate", name, "--var", "name=Ada", "--var", "seconds=2", "--var", "second=3")
    assert spare.code == 2
    assert "did you mean 'seconds'?" in spare.err


def test_a_result_that_cannot_be_written_is_told_before_the_work(nowhere: Command) -> None:
    name = scene(nowhere.folder, TITLE)
    assert "there is no folder" in nowhere("render", name, "-o", "no/such/film.mp4").err
    assert "is a folder" in nowhere("render", name, "-o", ".").err


def test_without_a_key_it_says_how_to_get_one(nowhere: Command) -> None:
    done = nowhere("whoami")
    assert (done.code, done.err) == (4, "error: no API key: run `framelane login`, or set FRAMELANE_API_KEY\n")


def test_errors_are_json_too(nowhere: Command) -> None:
    done = nowhere("whoami", "--json")
    assert json.loads(done.err)["error"]["exit_code"] == 4


def test_an_id_of_nothing_is_refused_unasked(nowhere: Command) -> None:
    done = nowhere("wait", "job_1", FRAMELANE_API_KEY="fl_live_x")
    assert done.code == 2
    assert "'job_1' is no id of a job" in done.err


def test_what_the_command_knows_itself(nowhere: Command) -> None:
    assert "vhs" in nowhere("capabilities", "effects", "--local").out
    assert json.loads(nowhere("capabilities", "motions", "fade", "--local", "--json").out)["type"] == "fade"
    wrong = nowhere("capabilities", "motion", "--local")
    assert (wrong.code, wrong.err) == (2, "error: 'motion' is no section; did you mean 'motions'?\n")


def test_a_reader_that_leaves_is_no_error(nowhere: Command) -> None:
    line = f"{COMMAND[0]} capabilities --local --json | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], env=nowhere.env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert (done.stdout, done.stderr) == ("{\n", "")
    assert done.returncode in (0, 141)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["framelane", "re"], {"render"}),
        (["framelane", "task", "super"], {"super-resolution"}),
        (["framelane", "--json", "jobs", "--sta"], {"--status"}),
        (["framelane", "webhooks", "listen", "--f"], {"--forward-to"}),
    ],
)
def test_bash_completes_commands_and_options(nowhere: Command, typed: list[str], offered: set[str]) -> None:
    script = nowhere("completion", "bash").out
    words = " ".join(f"'{word}'" for word in typed)
    ask = (
        f"{script}\nCOMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _framelane; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (set(done.stdout.split()), done.stderr) == (offered, "")
