"""The tour from sign-up to a signed webhook is true: its shell blocks run against a live platform."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from examples.webhook_receiver import is_signed_by_formula
from scripts.live import Platform, running_platform
from scripts.processes import ROOT, free_port
from tests.e2e.tours import lines_of, tour_script

pytestmark = pytest.mark.once


@pytest.fixture
def platform(own_settings: dict[str, str], tmp_path: Path) -> Iterator[Platform]:
    """One that may send webhooks to this machine."""
    settings = {**own_settings, "FRAMELANE_NET_ALLOW": "127.0.0.0/8", "RECEIVER_PORT": str(free_port())}
    with running_platform(tmp_path / "platform", settings) as running:
        yield running


def test_the_tour_ends_with_usage_of_exactly_the_film(platform: Platform, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "first-film.md").read_text("utf-8")
    lines = lines_of(tour_script(text, least_blocks=7), platform, tmp_path, timeout_s=150)
    assert lines[:2] == ["email_not_verified", "True"]
    assert "completed" in lines
    events = [line.split()[0] for line in lines if line.endswith(" True True")]
    assert events[:2] == ["render.queued", "render.processing"]
    assert "render.completed" in events
    assert not [line for line in lines if line.startswith("refused")]
    assert "render.completed succeeded 204 1" in lines
    assert lines[-4:-2] == ["another secret", "test: 202"]
    assert lines[-2].endswith(" True True")
    assert float(lines[-1]) == 0.05
    (tour,) = [path.parent for path in tmp_path.glob("*/rotated.json")]
    assert_both_secrets_verify(tour)


def assert_both_secrets_verify(tour: Path) -> None:
    last = max((tour / "received").glob("*.body"))
    headers = json.loads(last.with_suffix(".headers.json").read_text())
    for name in ("webhook.json", "rotated.json"):
        secret = json.loads((tour / name).read_text())["secret"]
        assert is_signed_by_formula(secret, headers, last.read_bytes())
        Webhook(secret).verify(last.read_bytes(), headers)
