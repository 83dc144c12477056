"""Payments by settings: complete, or cleanly absent."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from framelane.checks import check_settings

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "FRAMELANE_STRIPE_SECRET_KEY": "sk_test_" + "0" * 24,
    "FRAMELANE_STRIPE_WEBHOOK_SECRET": "whsec_x",
    "FRAMELANE_STRIPE_PRICE_PRO": "price_1",
    "FRAMELANE_STRIPE_PRICE_OVERAGE": "price_2",
}


@pytest.fixture
def configured(settings: Any) -> Any:
    settings.FRAMELANE_PUBLIC_URL = "http://localhost:8000"
    for name, value in COMPLETE.items():
        setattr(settings, name, value)
    return settings


def found_ids() -> set[str | None]:
    return {message.id for message in check_settings()}


def test_all_of_them_are_sound(configured: Any) -> None:
    assert found_ids() == set()


@pytest.mark.parametrize("name", COMPLETE)
def test_halves_are_refused(configured: Any, name: str) -> None:
    setattr(configured, name, "")
    assert found_ids() == {"framelane.E090"}


@pytest.mark.parametrize("key", ["pk_test_" + "0" * 24, "rk_live_" + "0" * 24, "sk_test_short", "sk_prod_" + "0" * 24])
def test_other_keys_are_refused(configured: Any, key: str) -> None:
    configured.FRAMELANE_STRIPE_SECRET_KEY = key
    assert found_ids() == {"framelane.E091"}


@pytest.mark.parametrize(
    "origin", ["console.example.org", "https://console.example.org/", "ftp://x", "https://", "https://x:y"]
)
def test_origins_are_origins(configured: Any, origin: str) -> None:
    configured.FRAMELANE_BILLING_RETURN_ORIGINS = [origin]
    assert found_ids() == {"framelane.E092"}
    configured.FRAMELANE_BILLING_RETURN_ORIGINS = []
    configured.FRAMELANE_STRIPE_API_BASE = origin
    assert found_ids() == {"framelane.E092"}


def test_a_test_key_in_production_is_noticed(configured: Any) -> None:
    configured.FRAMELANE_ENV = "production"
    assert "framelane.W090" in found_ids()
    configured.FRAMELANE_STRIPE_SECRET_KEY = "sk_live_" + "0" * 24
    assert "framelane.W090" not in found_ids()


WITHOUT = """
import sys
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.test import Client
call_command("check")
call_command("migrate", verbosity=0)
from apps.api_keys.services import create_key
from apps.billing.stripe import tasks
from apps.workspaces.services import create_workspace
workspace = create_workspace(name="w", email="w@example.org", verified=True)
_, secret = create_key(workspace=workspace, name="k")
client, key = Client(), {"headers": {"authorization": f"Bearer {secret}"}}
assert client.get("/v1/billing/plans").status_code == 200
assert client.get("/v1/billing/subscription", **key).json()["plan"] == "free"
for path, body in [("checkout", {"plan": "pro"}), ("portal", {})]:
    answer = client.post(f"/v1/billing/{path}", body, content_type="application/json", **key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "not_configured"), answer.content
assert client.post("/v1/billing/stripe-webhook", {}, content_type="application/json").status_code == 501
for task in (tasks.sweep, tasks.report_overage, tasks.tidy):
    task()
tasks.process_event("evt_1")
from apps.billing.stripe.erasure import forget_customer
assert forget_customer(workspace) is False
from framelane.celery import app
app.loader.import_default_modules()
for name in ("process_event", "sweep", "report_overage", "tidy"):
    assert f"apps.billing.stripe.tasks.{name}" in app.tasks, name
assert not apps.is_installed("djstripe")
assert not {"stripe", "djstripe"} & sys.modules.keys()
"""
WITH = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
assert apps.is_installed("djstripe")
call_command("check")
call_command("makemigrations", "billing", "djstripe", check=True, dry_run=True, verbosity=1)
"""


def run(program: str, home: Path, **environment: str) -> None:
    """The program in a process of its own, with the project's settings as they are without any."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    values = {"DJANGO_SETTINGS_MODULE": "framelane.settings", "FRAMELANE_HOME": str(home), **environment}
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env={**kept, **values}, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_without_stripe_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    run(WITHOUT, tmp_path, FRAMELANE_ALLOWED_HOSTS="testserver")


@pytest.mark.slow
def test_with_stripe_its_app_is_installed_and_asks_for_no_migration(tmp_path: Path) -> None:
    run(WITH, tmp_path, **COMPLETE)
