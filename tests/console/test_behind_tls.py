"""What a browser is told under an https address: cookies that nobody else gets, policies without holes, no copies."""

import json
import os
import subprocess
import sys
from typing import Any, Final

import pytest
from django.conf import settings as running
from django.test import Client
from django.urls import reverse

from tests.browser.test_every_page import PAGES
from tests.console.entering import EMAIL, ask, browser, enter
from tests.console.hostile import Things, hostile_workspace
from tests.console.people import signed_in
from tests.mails import code_in, mails_to

pytestmark = pytest.mark.django_db
PUBLIC_URL: Final = "https://films.example.org"
TOLD: Final = ("FRAMELANE_PUBLIC_URL", "CONTENT_SECURITY_POLICY", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS")
OF_COOKIES: Final = [
    f"{cookie}_COOKIE_{fact}" for cookie in ("SESSION", "CSRF") for fact in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")
]
ASKED: Final = "import json, framelane.settings as s; print(json.dumps({name: getattr(s, name) for name in %r}))"
STAFF_PAGES: Final = ("/admin/", "/admin/login/", "/admin/operations/", "/admin/jobs/job/", "/admin/audit/auditentry/")
OPEN_PAGES: Final = (
    "/",
    "/console/sign-in",
    "/console/sign-up",
    "/console/nowhere",
    "/nowhere",
    "/flower/",
    "/admin/x",
)


@pytest.fixture(scope="module")
def of_production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a production under PUBLIC_URL, as the environment alone makes them."""
    names = [*TOLD, *OF_COOKIES]
    environment = {
        "PATH": os.environ["PATH"],
        "FRAMELANE_ENV": "production",
        "FRAMELANE_PUBLIC_URL": PUBLIC_URL,
        "FRAMELANE_HOME": str(tmp_path_factory.mktemp("home")),
        "FRAMELANE_SECRET_KEY": "x" * 50,
    }
    command = [sys.executable, "-c", ASKED % names]
    done = subprocess.run(command, env=environment, cwd=running.BASE_DIR, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(autouse=True)
def behind_tls(settings: Any, of_production: dict[str, Any]) -> None:
    for name, value in of_production.items():
        setattr(settings, name, value)


@pytest.fixture
def things() -> Things:
    return hostile_workspace()


def secure(client: Client) -> Client:
    """The same browser, which comes by https."""
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def assert_private(response: Any) -> None:
    """Every cookie of an answer is for this host, over TLS, out of reach of scripts and of other sites' forms.

    But for the theme: it is no secret, and pages that are the same for everybody choose it by a script.
    """
    for name, cookie in response.cookies.items():
        facts = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"])
        assert facts == (True, "" if name == "theme" else True, "Lax", "", "/"), name


def assert_guarded(response: Any, path: str) -> None:
    """A page that loads nothing inline and stands in no frame."""
    assert response["Content-Type"].startswith("text/html"), path
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy, path
    assert "frame-ancestors 'none'" in policy, path
    assert "base-uri 'none'" in policy, path
    assert "unsafe-" not in policy, path
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff"), path
    assert response["Referrer-Policy"] == "same-origin", path
    assert_private(response)


def test_the_cookies_of_a_sign_in(things: Things, of_production: dict[str, Any]) -> None:
    client, email = secure(browser()), things.person.workspace.email
    begun = [client.get("/console/sign-in"), ask(client, email)]
    entered = enter(client, code_in(mails_to(email)[-1]))
    chosen = client.post("/console/theme", {"theme": "dark", "next": "/console/"})
    said = client.post("/console/settings/people/withdraw", {"invitation": "x"})
    for response in (*begun, entered, chosen, said):
        assert_private(response)
    session, csrf = of_production["SESSION_COOKIE_NAME"], of_production["CSRF_COOKIE_NAME"]
    assert {session, csrf} <= set(entered.cookies)
    # Not even a neighbouring subdomain can set one of that name (RFC 6265bis, 4.1.3.2).
    assert session.startswith("__Host-")
    assert csrf.startswith("__Host-")
    assert set(chosen.cookies) == {"theme"}


def test_the_cookies_of_the_staff(things: Things, admin_user: Any) -> None:
    client = secure(browser())
    opened = client.get("/admin/login/")
    assert opened.cookies
    assert_private(opened)
    entered = client.post("/admin/login/?next=/admin/", {"username": "admin", "password": "password"})
    assert entered.status_code == 302
    assert entered.cookies
    assert_private(entered)


def test_every_page_of_the_console(things: Things) -> None:
    client = secure(secure(signed_in(things.person, email=EMAIL)))
    for name, address in PAGES.items():
        response = client.get(address(things))
        assert response.status_code == (404 if name == "nothing" else 200), name
        assert_guarded(response, name)
        assert "no-store" in response["Cache-Control"], name
        assert "<script>alert" not in response.content.decode(), name
        assert "onerror=alert(1)>" not in response.content.decode(), name


def test_pages_of_everybody_and_of_errors() -> None:
    for path in OPEN_PAGES:
        response = secure(browser()).get(path, follow=True)
        assert_guarded(response, path)


def test_refused_forms(things: Things) -> None:
    client = secure(signed_in(things.person, email=EMAIL))
    for name in ("key-new", "webhook-new", "invite", "asset-import", "playground-check"):
        response = client.post(reverse(f"console:{name}"), {})
        assert response.status_code == 422, name
        assert_guarded(response, name)


def test_pages_of_the_staff(things: Things, admin_client: Client) -> None:
    secure(admin_client)
    for path in (*STAFF_PAGES, f"/admin/workspaces/workspace/{things.person.workspace.id}/change/", "/flower/"):
        response = admin_client.get(path, headers={"accept": "text/html"}, follow=True)
        assert_guarded(response, path)
        assert "no-store" in response.get("Cache-Control", "") or path == "/flower/", path
        assert "<script>alert" not in response.content.decode(), path
