"""A live web process keeps to its own OpenAPI document, for two minutes of made-up requests.

`make conformance` tries for a quarter of an hour.
"""

from pathlib import Path

import pytest

from scripts.conformance import run

pytestmark = pytest.mark.once

BUDGET_S = 120


@pytest.mark.timeout(BUDGET_S + 1080)
def test_no_answer_departs_from_the_document(own_settings: dict[str, str], tmp_path: Path) -> None:
    assert run(tmp_path, BUDGET_S, own_settings) == 0
