"""The command against a running platform."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shell import COMMAND, Command

from framelane import Framelane, JobCancelled
from live import (
    CLIP,
    PATIENCE_S,
    SAMPLES,
    Faults,
    endless_scene,
    mailed_code,
    seconds_of_mp4,
    text_scene,
    variable,
)

STATES = "ingesting|queued|processing|downloading|compositing|encoding"
"""What the line of a job says before its end: which of them is seen depends on when it is looked at."""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def stand() -> None:
    variable("FRAMELANE_BASE_URL"), variable("FRAMELANE_API_KEY")


@pytest.fixture
def api() -> Any:
    with Framelane() as client:
        yield client


def written(folder: Path, scene: Any) -> str:
    path = folder / "scenes" / "scene.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(scene), "utf-8")
    return str(path)


def job_in(text: str) -> str:
    found = re.search(r"(render|task)_[0-9A-Z]{26}", text)
    assert found, text
    return found[0]


def read_until(child: subprocess.Popen[str], wanted: str) -> str:
    """The lines of stderr up to one that holds `wanted`."""
    assert child.stderr is not None
    lines = []
    for line in child.stderr:
        lines.append(line)
        if wanted in line:
            return "".join(lines)
    raise AssertionError(f"{wanted!r} never came: {lines}")


def test_a_scene_with_files_of_this_machine_becomes_a_film(run: Command) -> None:
    (run.folder / "scenes").mkdir()
    (run.folder / "scenes" / "clip one.mp4").write_bytes(CLIP.read_bytes())
    clip = {"type": "video", "source_url": "clip one.mp4", "out_point": "{{seconds}}"}
    again = {"type": "audio", "source_url": "clip one.mp4", "out_point": 1}
    name = written(run.folder, {"width": 160, "height": 90, "frame_rate": 10, "elements": [clip, again]})
    done = run("render", name, "--var", "seconds=1.5", "-o", "film.mp4")
    assert (done.code, done.out) == (0, "film.mp4\n")
    assert seconds_of_mp4(run.folder / "film.mp4") == pytest.approx(1.5, abs=0.06)
    told = done.err.splitlines()
    assert told.count("clip one.mp4: uploading") == 1
    assert f"{job_in(done.err)}: completed" in told
    assert re.fullmatch(r"render_\w+: 160×90, 1\.5 s, [\d.]+ k?B", told[-1])
    assert "\r" not in done.err
    assert "\x1b" not in done.err


def test_a_scene_from_stdin_as_json(run: Command) -> None:
    done = run("render", "-", "--json", "-q", "-o", "film.mp4", stdin=json.dumps(text_scene()))
    assert (done.code, done.err) == (0, "")
    job = json.loads(done.out)
    assert (job["status"], job["path"]) == ("completed", "film.mp4")
    assert job["output"]["size_bytes"] == (run.folder / "film.mp4").stat().st_size


def test_a_detached_render_is_followed_listed_shown_and_downloaded(run: Command) -> None:
    name, key = written(run.folder, text_scene("Detached")), f"shell-{time.time_ns()}"
    begun = run("render", name, "--detach", "--idempotency-key", key)
    again = run("render", name, "--detach", "--idempotency-key", key)
    assert (begun.code, begun.out) == (0, again.out)
    job_id = begun.out.strip()
    assert run("wait", job_id, "-o", "film.mp4").out == "film.mp4\n"
    late = run("cancel", job_id)
    assert (late.code, late.out, "completed" in late.err) == (1, "", True)
    assert job_id in run("jobs", "--status", "completed", "--kind", "render").out
    listed = json.loads(run("jobs", "--json", "--limit", "3").out)
    assert len(listed) <= 3
    assert [job["created_at"] for job in listed] == sorted((job["created_at"] for job in listed), reverse=True)
    assert re.search(rf"^id +{job_id}$", run("jobs", "show", job_id).out, re.MULTILINE)
    done = run("download", job_id)
    assert (done.code, done.out) == (0, f"{job_id}.mp4\n")
    assert (run.folder / f"{job_id}.mp4").read_bytes() == (run.folder / "film.mp4").read_bytes()


def test_a_wrong_scene_is_refused_with_its_fields_and_before_its_files_are_uploaded(
    run: Command, faults: Faults
) -> None:
    photo = {"type": "image", "id": "a", "source_url": (SAMPLES / "photo.jpg").as_uri(), "duration": 1, "opacity": 120}
    done = run("render", "-", stdin=json.dumps({"elements": [photo]}))
    assert (done.code, done.out) == (3, "")
    assert done.err == "error: /elements/0/opacity: Input should be less than or equal to 100 (received 120)\n"
    assert not faults.seen("POST", "^/v1/uploads$")
    photo["source_url"] = "https://cdn.example.com/a.png"
    refused = run("render", "-", "--json", stdin=json.dumps({"elements": [photo]}))
    error = json.loads(refused.err)["error"]
    assert (refused.code, error["code"]) == (3, "validation_error")
    assert [field["path"] for field in error["details"]["fields"]] == ["/elements/0/opacity"]


def test_a_task_on_a_file(run: Command) -> None:
    done = run("task", "super-resolution", str(SAMPLES / "logo.png"), "--scale", "1.5", "-o", "large.png")
    assert (done.code, done.out) == (0, "large.png\n")
    assert (run.folder / "large.png").read_bytes()[:4] == b"\x89PNG"
    wrong = run("task", "super-resolution", str(SAMPLES / "logo.png"), "--scale", "9")
    assert wrong.code == 3
    assert "/scale: " in wrong.err
    assert "less than or equal to 4" in wrong.err


def test_other_tasks_on_an_address(run: Command, clip_url: str) -> None:
    for arguments in (("remove-background", "--output", "matte"), ("gaze-redirect", "--intensity", "0.5")):
        done = run("task", arguments[0], clip_url, *arguments[1:], "--detach", "--json")
        assert done.code == 0, done.err
        job = json.loads(done.out)
        assert (job["task_type"], job["kind"]) == (arguments[0].replace("-", "_"), "task")
        assert run("cancel", job["id"]).code in (0, 1)
    assert "there is no file 'nothing.mp4'" in run("task", "transcribe", "nothing.mp4").err


def test_a_transcript_as_json_and_as_subtitles(run: Command) -> None:
    done = run("task", "transcribe", str(SAMPLES / "talk.mp4"), "--language", "en", "-o", "talk.srt")
    assert done.code == 0, done.err
    assert " --> " in (run.folder / "talk.srt").read_text("utf-8")
    assert run("download", job_in(done.err), "-o", "talk.json").code == 0
    assert json.loads((run.folder / "talk.json").read_text("utf-8"))["words"]


def test_uploads_of_files_and_of_what_comes_through_a_pipe(run: Command) -> None:
    two = run("upload", str(CLIP), str(SAMPLES / "logo.png"))
    assert two.code == 0, two.err
    assert [address.rpartition(".")[2] for address in two.out.split()] == ["mp4", "png"]
    piped = run("upload", "-", "--filename", "logo.png", "--json", stdin=(SAMPLES / "logo.png").read_bytes())
    assert json.loads(piped.out)[0]["source_url"].endswith(".png")
    nameless = run("upload", "-", stdin=b"x")
    assert (nameless.code, "--content-type" in nameless.err) == (2, True)


def test_a_job_that_fails_ends_with_1_and_its_cause(run: Command) -> None:
    (run.folder / "broken.png").write_bytes(b"This is no picture.")
    broken = {"type": "image", "id": "a", "source_url": "broken.png", "duration": 1}
    done = run("render", "-", "--json", stdin=json.dumps({"elements": [broken]}))
    assert done.code == 1
    job = json.loads(done.out)
    assert job["status"] == "failed"
    assert job["error"]["message"] in json.loads(done.err.splitlines()[-1])["error"]["message"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_cancels_the_job_that_the_command_made(
    run: Command, started: Start, api: Framelane, number: int, code: int
) -> None:
    # A signal may come while a socket is being made, before anybody holds it who could close it.
    run.env.pop("PYTHONWARNINGS")
    child = started("render", written(run.folder, endless_scene()))
    shown = read_until(child, "render_")
    job_id = job_in(shown)
    assert re.fullmatch(rf"{job_id}: ({STATES})", shown.splitlines()[-1])
    child.send_signal(number)
    _, told = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == code
    assert re.search(rf"^{job_id} is (being )?cancelled$", told, re.MULTILINE)
    assert "Traceback" not in told
    with pytest.raises(JobCancelled):
        api.renders.wait(job_id, timeout_s=PATIENCE_S)


def test_an_interrupted_wait_leaves_the_job_alone(run: Command, started: Start, api: Framelane) -> None:
    job_id = run("render", written(run.folder, endless_scene()), "--detach").out.strip()
    late = run("wait", job_id, "--timeout", "0.2")
    assert (late.code, "it goes on" in late.err) == (7, True)
    child = started("wait", job_id)
    read_until(child, job_id)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == 130
    assert f"`framelane cancel {job_id}` ends it" in told
    assert api.renders.get(job_id).status not in ("cancelled", "failed")
    cancelled = run("cancel", job_id)
    assert cancelled.code == 0
    assert re.fullmatch(rf"{job_id} is (being )?cancelled\n", cancelled.out)
    with pytest.raises(JobCancelled):
        api.renders.wait(job_id, timeout_s=PATIENCE_S)


def test_failures_are_told_apart_by_their_exit_codes(run: Command) -> None:
    missing = run("jobs", "show", "render_00000000000000000000000000")
    assert (missing.code, missing.err) == (5, "error: Render not found. [not_found]\n")
    assert run("whoami", FRAMELANE_API_KEY="fl_live_wrong").code == 4
    away = run("whoami", "--base-url", "http://127.0.0.1:9")
    assert away.code == 6
    assert "cannot be reached" in away.err


def test_a_key_is_kept_for_its_owner_and_for_its_server_alone(run: Command) -> None:
    key = variable("FRAMELANE_API_KEY")
    run.env.pop("FRAMELANE_API_KEY")
    wrong = run("login", stdin="fl_live_wrong\n")
    assert (wrong.code, run.config.exists()) == (4, False)
    done = run("login", stdin=f"{key}\n")
    assert done.code == 0, done.err
    assert key not in done.out + done.err
    assert stat.S_IMODE(run.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(run.config.parent.stat().st_mode) == 0o700
    who = run("whoami", "--json", FRAMELANE_BASE_URL=None)
    assert json.loads(who.out)["base_url"] == variable("FRAMELANE_BASE_URL")
    assert run("whoami", "--base-url", "http://127.0.0.1:9").code == 4
    assert run("logout").code == 0
    assert run("whoami").code == 4


def test_signing_up_ends_with_a_key_that_works(run: Command) -> None:
    run.env.pop("FRAMELANE_API_KEY")
    email = f"{run.folder.name}-{os.getpid()}-{time.time_ns()}@example.com"
    done = run("signup", "--workspace-name", "Shell", "--email", email)
    assert done.code == 0, done.err
    assert stat.S_IMODE(run.config.stat().st_mode) == 0o600
    assert run("signup", "--email", email, "--code", "12345").code == 2
    verified = run("signup", "--email", email, "--code", mailed_code(email))
    assert verified.code == 0, verified.err
    assert "Shell" in run("whoami").out
    assert "render minutes" in run("usage", "--period", "7d").out


def test_a_terminal_shows_a_bar_that_moves_and_no_colours_where_none_are_wanted(run: Command) -> None:
    name = written(run.folder, text_scene())
    parent, child = pty.openpty()
    env = {**run.env, "NO_COLOR": "1", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    command = [*COMMAND, "render", name, "-o", "film.mp4"]
    process = subprocess.Popen(command, cwd=run.folder, env=env, stdout=subprocess.PIPE, stderr=child, text=True)
    os.close(child)
    shown = b""
    while select.select([parent], [], [], PATIENCE_S)[0]:
        try:
            shown += os.read(parent, 65536)
        except OSError:  # the other end is closed
            break
    os.close(parent)
    out, _ = process.communicate(timeout=PATIENCE_S)
    text = shown.decode("utf-8")
    assert (process.returncode, out) == (0, "film.mp4\n")
    assert "█" in text
    assert "100%" in text
    assert text.count("\r") > 3
    assert "\x1b" not in text
