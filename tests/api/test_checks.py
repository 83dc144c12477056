"""Start-up checks: what they refuse, and that they stay cheap."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from framelane.checks import check_settings, refuse_unsafe_start
from framelane.mail_files import FILES

ROOT = Path(__file__).resolve().parents[2]

SOUND_PRODUCTION = {
    "FRAMELANE_ENV": "production",
    "DEBUG": False,
    "SECRET_KEY": "k" * 50,
    "FRAMELANE_SECRET_IS_GENERATED": False,
    "ALLOWED_HOSTS": ["api.example.org"],
    "FRAMELANE_PUBLIC_URL": "https://api.example.org",
    "CELERY_BROKER_URL": "redis://broker/0",
    "STORAGE_URL": "gs://bucket/prefix",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Framelane <films@example.org>",
    "FRAMELANE_NET_ALLOW": [],
    "FRAMELANE_ALLOW_LOCAL_STORE": False,
    "FRAMELANE_ALLOW_HTTP": False,
    "FRAMELANE_ALLOW_MAIL_FILES": False,
}


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings of a production in which nothing is missing."""
    for name, value in SOUND_PRODUCTION.items():
        setattr(settings, name, value)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    return settings


def found_ids() -> set[str | None]:
    return {message.id for message in check_settings()}


def test_embedded_development_is_sound(settings: Any) -> None:
    settings.FRAMELANE_PUBLIC_URL = "http://localhost:8000"
    assert found_ids() == set()


def test_folders_of_models_that_exist_are_sound(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    settings.FRAMELANE_WHISPER_MODEL = settings.FRAMELANE_MODELS = tmp_path
    settings.FRAMELANE_PUBLIC_URL = "http://localhost:8000"
    assert found_ids() == set()


@pytest.mark.parametrize(
    ("name", "value", "check_id"),
    [
        ("FRAMELANE_RATE_LIMIT_FREE", 0, "framelane.E050"),
        ("FRAMELANE_RATE_LIMIT_SIGNUP", -1, "framelane.E050"),
        ("FRAMELANE_QUEUE_WEIGHT_ENTERPRISE", 0, "framelane.E051"),
        ("FRAMELANE_QUEUE_WEIGHT_PRO", 1001, "framelane.E051"),
        ("FRAMELANE_TRUSTED_PROXIES", -1, "framelane.E052"),
        ("FRAMELANE_TRUSTED_PROXIES", 11, "framelane.E052"),
    ],
)
def test_limits_and_shares_are_checked(name: str, value: int, check_id: str, settings: Any) -> None:
    setattr(settings, name, value)
    assert check_id in found_ids()


def test_complete_production_is_sound(production: Any) -> None:
    assert found_ids() == set()


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("FRAMELANE_WHISPER_MODEL", Path("/nowhere/whisper"), "framelane.E006"),
        ("FRAMELANE_MODELS", Path("/nowhere/models"), "framelane.E007"),
        ("FRAMELANE_ASSEMBLYAI_BASE_URL", "api.assemblyai.com", "framelane.E008"),
        ("FRAMELANE_ASSEMBLYAI_BASE_URL", "ftp://example.org", "framelane.E008"),
        ("DEBUG", True, "framelane.E010"),
        ("FRAMELANE_SECRET_IS_GENERATED", True, "framelane.E011"),
        ("SECRET_KEY", "short", "framelane.E011"),
        ("ALLOWED_HOSTS", [], "framelane.E012"),
        ("ALLOWED_HOSTS", ["*"], "framelane.E012"),
        ("FRAMELANE_PUBLIC_URL", "http://api.example.org", "framelane.E013"),
        ("FRAMELANE_PUBLIC_URL", "https://localhost", "framelane.E013"),
        ("CELERY_BROKER_URL", "filesystem://", "framelane.E021"),
        ("STORAGE_URL", "file:///srv/store", "framelane.E022"),
        ("EMAIL_BACKEND", FILES, "framelane.E023"),
        ("DEFAULT_FROM_EMAIL", "Framelane <noreply@localhost>", "framelane.E024"),
        ("DEFAULT_FROM_EMAIL", "Framelane", "framelane.E024"),
        ("FRAMELANE_NET_ALLOW", ["10.0.0.0/8"], "framelane.E030"),
        ("FRAMELANE_SHARE_BASES", {"dropbox.com": "http://127.0.0.1:9000"}, "framelane.E031"),
    ],
)
def test_production_refuses(production: Any, setting: str, value: Any, expected: str) -> None:
    setattr(production, setting, value)
    assert found_ids() == {expected}


@pytest.mark.parametrize(
    ("permission", "setting", "value", "expected"),
    [
        ("HTTP", "FRAMELANE_PUBLIC_URL", "http://films.example.org", "framelane.W013"),
        ("HTTP", "FRAMELANE_PUBLIC_URL", "http://127.0.0.1", "framelane.W013"),
        ("HTTP", "FRAMELANE_PUBLIC_URL", "http://", "framelane.E013"),
        ("HTTP", "FRAMELANE_PUBLIC_URL", "https://localhost", "framelane.E013"),
        ("HTTP", "FRAMELANE_PUBLIC_URL", "films.example.org", "framelane.E013"),
        ("HTTP", "STORAGE_URL", "file:///srv/store", "framelane.E022"),
        ("LOCAL_STORE", "STORAGE_URL", "file:///srv/store", "framelane.W022"),
        ("LOCAL_STORE", "FRAMELANE_PUBLIC_URL", "http://films.example.org", "framelane.E013"),
        ("MAIL_FILES", "EMAIL_BACKEND", FILES, "framelane.W023"),
        ("MAIL_FILES", "DEFAULT_FROM_EMAIL", "Framelane <noreply@localhost>", "framelane.E024"),
    ],
)
def test_production_does_only_the_one_thing_that_it_was_allowed(
    production: Any, permission: str, setting: str, value: str, expected: str
) -> None:
    setattr(production, f"FRAMELANE_ALLOW_{permission}", True)
    setattr(production, setting, value)
    assert found_ids() == {expected}


def test_permissions_that_nothing_needs_change_nothing(production: Any) -> None:
    for name in ("HTTP", "LOCAL_STORE", "MAIL_FILES"):
        setattr(production, f"FRAMELANE_ALLOW_{name}", True)
    assert found_ids() == set()


def test_production_refuses_sqlite(production: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert found_ids() == {"framelane.E020"}


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("FRAMELANE_ENV", "prod", "framelane.E001"),
        ("FRAMELANE_JOB_HEARTBEAT_S", 45.0, "framelane.E002"),
        ("FRAMELANE_JOB_HEARTBEAT_S", 0.0, "framelane.E002"),
        ("STORAGE_URL", "s3://bucket", "framelane.E003"),
        ("FRAMELANE_NET_ALLOW", ["localhost"], "framelane.E004"),
        ("FRAMELANE_UNKNOWN_RESERVE_S", 0.0, "framelane.E060"),
        ("FRAMELANE_UNKNOWN_RESERVE_S", float("nan"), "framelane.E060"),
        ("FRAMELANE_UNKNOWN_RESERVE_S", 90_000.0, "framelane.E060"),
        ("FRAMELANE_PAST_DUE_GRACE_DAYS", -1, "framelane.E061"),
        ("FRAMELANE_COPY_REUSE_S", -1, "framelane.E100"),
        ("FRAMELANE_SHARE_BASES", {"dropbox.com": "elsewhere"}, "framelane.E101"),
        ("FRAMELANE_IMPORTS_AT_ONCE", 0, "framelane.E102"),
        ("FRAMELANE_PUBLIC_URL", "https://api.example.org", "framelane.W001"),
    ],
)
def test_any_installation_is_told(settings: Any, setting: str, value: Any, expected: str) -> None:
    setattr(settings, setting, value)
    assert found_ids() == {expected}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"ISSUER": "https://issuer.example", "AUDIENCE": ["framelane"]}, set()),
        ({"ISSUER": "https://issuer.example", "AUTHORIZED_PARTIES": ["https://app.example"]}, set()),
        ({"ISSUER": "https://issuer.example"}, {"framelane.W002"}),
        ({"AUDIENCE": ["framelane"]}, {"framelane.E110"}),
        ({"JWKS_URL": "https://issuer.example/keys"}, {"framelane.E110"}),
        ({"ISSUER": "issuer.example", "AUDIENCE": ["framelane"]}, {"framelane.E111"}),
        ({"ISSUER": "http://issuer.example", "AUDIENCE": ["framelane"]}, {"framelane.E111"}),
        ({"ISSUER": "http://127.0.0.1:8080/realms/a", "AUDIENCE": ["framelane"]}, set()),
        (
            {"ISSUER": "https://issuer.example", "AUDIENCE": ["framelane"], "JWKS_URL": "file:///keys.json"},
            {"framelane.E111"},
        ),
    ],
    ids=range(9),
)
def test_sign_in_is_configured_whole_and_safely(production: Any, values: dict[str, Any], expected: set[str]) -> None:
    for name, value in values.items():
        setattr(production, f"FRAMELANE_OIDC_{name}", value)
    assert found_ids() == expected


def test_start_is_refused_with_every_reason_at_once(production: Any) -> None:
    production.DEBUG = True
    production.STORAGE_URL = "file:///srv/store"
    with pytest.raises(ImproperlyConfigured, match=r"(?s)E010.*E022"):
        refuse_unsafe_start()


def test_a_start_that_is_allowed_something_says_so(production: Any, caplog: pytest.LogCaptureFixture) -> None:
    production.FRAMELANE_ALLOW_LOCAL_STORE, production.STORAGE_URL = True, "file:///srv/store"
    refuse_unsafe_start()
    assert "framelane.W022" in caplog.text


def run_python(code: str, tmp_path: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
    environment = {**kept, "FRAMELANE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "framelane.settings", **extra}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_half_configured_production_serves_nothing(tmp_path: Path) -> None:
    done = run_python("import framelane.wsgi", tmp_path, FRAMELANE_ENV="production")
    assert done.returncode != 0
    for number in ("E011", "E012", "E013", "E020", "E021", "E022", "E023"):
        assert f"framelane.{number}" in done.stderr


@pytest.mark.parametrize(
    ("public_url", "expected"), [("https://films.example.org", (True, True)), ("http://films.lan", (False, False))]
)
def test_cookies_and_browsers_are_bound_to_https_where_there_is_some(
    public_url: str, expected: tuple[bool, bool], tmp_path: Path
) -> None:
    code = "from framelane import settings; print(settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0)"
    done = run_python(code, tmp_path, FRAMELANE_ENV="production", FRAMELANE_PUBLIC_URL=public_url)
    assert done.stdout.strip() == f"{expected[0]} {expected[1]}", done.stderr


def test_check_loads_no_pixels_and_no_models(tmp_path: Path) -> None:
    code = """
import json, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check"])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    done = run_python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert loaded.isdisjoint({"torch", "skia", "mediapipe", "cv2", "av", "numpy", "uharfbuzz", "google"})


def test_home_is_private_and_keeps_its_secret(tmp_path: Path) -> None:
    code = "from framelane import settings; print(settings.SECRET_KEY)"
    home = tmp_path / "home"
    first, second = (run_python(code, home).stdout for _ in range(2))
    assert first == second
    assert len(first.strip()) >= 50
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secret_key").stat().st_mode & 0o777 == 0o600
