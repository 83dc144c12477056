"""The sums of a test run."""

from pathlib import Path

from scripts.test import Suite, counts_of

REPORT = """<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10"/></testsuites>"""


def test_counts_what_a_report_says(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert counts_of(report) == {"failed": 2, "errors": 1, "skipped": 3, "passed": 4}


def test_a_run_without_a_report_counts_nothing(tmp_path: Path) -> None:
    assert counts_of(tmp_path / "none.xml") == {}


def test_a_run_in_which_nothing_passed_has_not_passed(tmp_path: Path) -> None:
    suite = Suite(tmp_path, [])
    assert not suite.passed
    assert suite.closing_line(1.0) == "==== 0 passed in 1s ===="
