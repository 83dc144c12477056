"""What `make verify` compares holds on small pictures, and a missed bar is told."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.verify.finding import Finding, alike, psnr_db, within
from benchmarks.verify.report import FAMILIES, line, write_report
from scripts import verify

pytestmark = pytest.mark.slow

SIZE = (320, 192)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_engine_does_what_its_references_do(family: str) -> None:
    findings = list(FAMILIES[family](SIZE))
    assert findings
    assert [line(finding) for finding in findings if not finding.passed] == []


def test_the_measure_tells_differences_apart() -> None:
    plane = np.random.default_rng(1).integers(0, 255, (40, 60), dtype=np.uint8)
    assert alike("a", "b", [plane], [plane]).passed
    assert psnr_db([plane], [plane + 1]) == pytest.approx(48.13, abs=0.01)
    assert not alike("a", "b", [plane], [plane // 2]).passed
    with pytest.raises(ValueError, match="cannot be compared"):
        psnr_db([plane], [plane[1:]])


@pytest.mark.parametrize(("value", "status"), [(0.4, 0), (1.5, 1)])
def test_a_missed_bar_fails_the_run(
    value: float, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(verify, "RESULT", tmp_path / "verify.md")
    monkeypatch.setattr(verify, "all_findings", lambda size: [within("blend", "Skia", value, "/255", 1.0)])
    assert verify.main() == status
    assert ("FAIL" in (tmp_path / "verify.md").read_text()) == bool(status)
    assert ("missed: blend" in capsys.readouterr().out) == bool(status)


def test_the_kept_table_names_every_comparison(tmp_path: Path) -> None:
    findings = [Finding("dissolve", "FFmpeg", float("inf"), "dB", 45, more_is_better=True)]
    write_report(tmp_path / "verify.md", findings, SIZE)
    assert "| dissolve | FFmpeg | identical | ≥ 45 dB | pass |" in (tmp_path / "verify.md").read_text()
