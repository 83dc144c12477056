"""Every bound of the sandbox, met by a real child that misbehaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from framelane.lib.sandbox import MAX_LINE_BYTES, MAX_TAIL_BYTES, Limits, Outcome, minimal_environment, run_bounded

pytestmark = pytest.mark.slow

MIB = 1024**2
ROOMY = Limits(memory_bytes=512 * MIB, cpu_s=20, wall_s=120, file_size_bytes=100 * MIB)

Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(code: str, **options: object) -> Outcome:
        limits = options.pop("limits", ROOMY)
        env = options.pop("env", minimal_environment())
        argv = [sys.executable, "-I", "-c", code]
        return run_bounded(argv, cwd=tmp_path, env=env, limits=limits, **options)  # type: ignore[arg-type]

    return call


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        # The latter when it goes between the opening of its file and the reading.
        return False
    return state != "Z"


def wait_until(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


def test_hands_over_lines_and_the_exit_code(run: Run) -> None:
    lines: list[str] = []
    outcome = run("print('one'); print('two'); raise SystemExit(3)", on_line=lines.append)
    assert lines == ["one", "two"]
    assert (outcome.reason, outcome.exit_code, outcome.signal_number) == ("exited", 3, None)
    assert not outcome.ok


def test_hands_over_a_last_line_without_its_end(run: Run) -> None:
    lines: list[str] = []
    assert run("import sys; sys.stdout.write('a\\nb')", on_line=lines.append).ok
    assert lines == ["a", "b"]


def test_cuts_endless_lines(run: Run) -> None:
    lines: list[str] = []
    run(f"print('x' * {5 * MAX_LINE_BYTES}); print('next')", on_line=lines.append)
    assert lines == ["x" * MAX_LINE_BYTES, "next"]


def test_keeps_only_the_end_of_stderr(run: Run) -> None:
    outcome = run("import sys; sys.stderr.write('x' * 1_000_000 + 'the end')")
    assert outcome.stderr_tail.endswith("the end")
    assert len(outcome.stderr_tail) == MAX_TAIL_BYTES


def test_ends_a_child_that_fills_memory(run: Run) -> None:
    code = "kept = []\nwhile True: kept.append(bytearray(8 * 1024 * 1024))"
    outcome = run(code, limits=replace(ROOMY, memory_bytes=128 * MIB))
    assert outcome.reason == "memory"
    assert outcome.peak_memory_bytes >= 128 * MIB


def test_counts_the_memory_of_descendants(run: Run) -> None:
    hungry = "import time; kept = bytearray(b'x') * (200 * 1024 * 1024); time.sleep(30)"
    outcome = run(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hungry!r}])",
        limits=replace(ROOMY, memory_bytes=128 * MIB),
    )
    assert outcome.reason == "memory"


def test_refuses_a_single_huge_allocation(run: Run) -> None:
    outcome = run("bytearray(64 * 1024**3)", limits=replace(ROOMY, memory_bytes=64 * MIB))
    assert outcome.reason == "memory"
    assert outcome.peak_memory_bytes < 1024 * MIB


def test_ends_a_child_that_burns_cpu(run: Run) -> None:
    assert run("while True: pass", limits=replace(ROOMY, cpu_s=1)).reason == "cpu"


def test_ends_a_child_that_sleeps_too_long(run: Run) -> None:
    assert run("import time; time.sleep(60)", limits=replace(ROOMY, wall_s=0.5)).reason == "wall"


def test_kills_a_child_that_ignores_the_polite_signal(run: Run) -> None:
    lines: list[str] = []
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    # Asked to end once it is deaf, however long it has taken to become so.
    outcome = run(code, on_line=lines.append, should_stop=lambda: bool(lines))
    assert (outcome.reason, outcome.signal_number) == ("stopped", signal.SIGKILL)


def test_ends_a_child_that_writes_too_much(run: Run, tmp_path: Path) -> None:
    code = "out = open('big', 'wb')\nwhile True: out.write(bytes(1024 * 1024)); out.flush()"
    assert run(code, limits=replace(ROOMY, file_size_bytes=3 * MIB)).reason == "file_size"
    assert (tmp_path / "big").stat().st_size <= 3 * MIB


def test_bounds_open_files(run: Run) -> None:
    outcome = run("kept = [open('/dev/null') for _ in range(100)]", limits=replace(ROOMY, open_files=32))
    assert "Too many open files" in outcome.stderr_tail


def test_stops_when_asked(run: Run) -> None:
    lines: list[str] = []
    code = "import time; print('begun', flush=True); time.sleep(60)"
    outcome = run(code, on_line=lines.append, should_stop=lambda: bool(lines))
    assert outcome.reason == "stopped"


def test_reports_a_crash_as_a_signal(run: Run) -> None:
    outcome = run("import os; os.kill(os.getpid(), 11)")
    assert (outcome.reason, outcome.signal_number) == ("signal", signal.SIGSEGV)


def test_reports_a_foreign_kill_as_a_signal(run: Run) -> None:
    outcome = run("import os; os.kill(os.getpid(), 9)")
    assert (outcome.reason, outcome.signal_number) == ("signal", signal.SIGKILL)


def test_reports_a_program_that_does_not_exist(tmp_path: Path) -> None:
    outcome = run_bounded(["/no/such/program"], cwd=tmp_path, env={}, limits=ROOMY)
    assert outcome.exit_code == 127
    assert "/no/such/program" in outcome.stderr_tail


def test_ends_descendants_with_the_child(run: Run) -> None:
    pids: list[int] = []
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    assert run(code, on_line=lambda line: pids.append(int(line))).ok
    wait_until(lambda: not is_alive(pids[0]))


def test_passes_no_environment_and_no_descriptors(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "do not tell")
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    lines: list[str] = []
    run("import os; print(sorted(os.environ)); print(os.listdir('/proc/self/fd'))", on_line=lines.append)
    os.close(reader)
    os.close(writer)
    # LC_CTYPE is what Python itself sets; the fourth descriptor is the one that lists the folder.
    assert lines == [str(["LANG", "PATH"]), str(["0", "1", "2", "3"])]


def test_kills_the_child_when_a_callback_raises(run: Run) -> None:
    pids: list[int] = []

    def refuse(line: str) -> None:
        pids.append(int(line))
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        run("import os, time; print(os.getpid(), flush=True); time.sleep(60)", on_line=refuse)
    assert not is_alive(pids[0])


def test_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = (
        "import sys; from pathlib import Path\n"
        "from framelane.lib.sandbox import Limits, run_bounded\n"
        "code = 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'\n"
        "run_bounded([sys.executable, '-c', code], cwd=Path('/'), env={}, limits=Limits(2**29, 60, 60, 2**20),\n"
        "            on_line=lambda line: print(line, flush=True))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert is_alive(child)
        process.kill()
    wait_until(lambda: not is_alive(child))
