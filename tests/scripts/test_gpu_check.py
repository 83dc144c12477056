"""gpu-check never passes where nothing was checked."""

from typing import Any

import pytest

from scripts import gpu_check


def test_without_a_gpu_it_fails_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gpu_check, "gpu_ids", lambda: ([], "is not installed"))
    monkeypatch.setattr(gpu_check, "run", lambda *command: pytest.fail("something was run"))
    assert gpu_check.main() == 1
    assert "`nvidia-smi --list-gpus` is not installed. Nothing was checked." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [({"pytest": 0, "benchmarks.gpu": 0}, 0), ({"pytest": 2}, 2), ({"pytest": 0, "benchmarks.gpu": 3}, 3)],
)
def test_the_gpu_is_measured_when_its_tests_have_passed(
    statuses: dict[str, int], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Any] = []

    def run(module: str, *arguments: str) -> int:
        ran.append(module)
        return statuses[module]

    monkeypatch.setattr(gpu_check, "gpu_ids", lambda: (["0"], ""))
    monkeypatch.setattr(gpu_check, "run", run)
    assert gpu_check.main() == expected
    assert ran == list(statuses)
