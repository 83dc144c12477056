"""The ways out: files, SMTP, and the HTTP of mail services, each with a real server where there is one."""

import json
import subprocess
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.mail import get_connection

from apps.mail.models import Mail
from apps.mail.services import queue_mail, send_due
from framelane.checks import check_settings
from framelane.mail_files import FILES
from framelane.mail_services import MAIL_SERVICES, anymail_settings, backend_of
from tests.api.test_checks import run_python
from tests.mail.servers import service_server, smtp_server

CODE = {"code": "731942", "minutes": 10, "key_prefix": "fl_live_AbCd"}
POSTMARK_SENT = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ada@example.org"}
POSTMARK_BOUNCED = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\n"
    "Found inactive addresses: ada@example.org.\nInactive recipients are ones that have generated a hard bounce.",
}
MAILGUN_SENT = {"id": "<1@framelane.test>", "message": "Queued. Thank you."}


def queue(to: str = "ada@example.org") -> Mail:
    return queue_mail(to=to, template="verification_code", context=CODE)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = FILES
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_a_shell_finds_the_code_in_the_newest_file(folder: Path) -> None:
    queue()
    assert send_due() == 1
    script = f"grep -ohE '[0-9]{{6}}' \"$(ls -t {folder}/* | head -1)\" | sort -u"
    found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "731942\n"


@pytest.mark.django_db
def test_every_mail_of_a_second_has_a_file_of_its_own(folder: Path) -> None:
    for n in range(20):
        queue(f"reader-{n}@example.org")
    assert send_due() == 20
    files = sorted(folder.iterdir())
    addresses = [message_from_bytes(file.read_bytes(), policy=policy.default)["To"] for file in files]
    assert addresses == [f"reader-{n}@example.org" for n in range(20)]


@pytest.mark.django_db
def test_files_are_messages(folder: Path) -> None:
    queue()
    send_due()
    [file] = folder.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == ("ada@example.org", "Your Framelane verification code")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.fixture
def smtp(settings: Any) -> Any:
    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    return use


@pytest.mark.django_db
def test_mail_goes_by_smtp(smtp: Any) -> None:
    with smtp_server() as server:
        smtp(server.port)
        queue()
        assert send_due() == 1
    [raw] = server.messages
    message = message_from_bytes(raw, policy=policy.default)
    assert message["From"] == "Framelane <noreply@framelane.test>"
    assert "731942" in raw.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("reply", "is_final"), [("550 no such user", True), ("450 come back later", False)])
def test_a_refusal_for_good_is_final_and_one_for_now_is_not(smtp: Any, reply: str, is_final: bool) -> None:
    with smtp_server(reply) as server:
        smtp(server.port)
        queue()
        assert send_due() == 0
    mail = Mail.objects.get()
    assert (mail.given_up_at is not None) is is_final
    assert (mail.context == {}) is is_final


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again(smtp: Any) -> None:
    with smtp_server() as server:
        smtp(server.port)
    queue()
    assert send_due() == 0
    assert Mail.objects.get().given_up_at is None


@pytest.fixture
def service(settings: Any) -> Any:
    def use(name: str, port: int) -> None:
        settings.EMAIL_BACKEND = backend_of(name)
        api_url = f"http://127.0.0.1:{port}/"
        settings.ANYMAIL = anymail_settings(
            name, api_key="the-key", domain="framelane.test", api_url=api_url, timeout_s=5
        )

    return use


@pytest.mark.django_db
def test_postmark_receives_both_bodies_and_its_token(service: Any) -> None:
    with service_server((200, POSTMARK_SENT)) as server:
        service("postmark", server.port)
        queue()
        assert send_due() == 1
    [(_, headers, body)] = server.messages
    assert headers["X-Postmark-Server-Token"] == "the-key"
    sent = json.loads(body)
    assert sent["To"] == "ada@example.org"
    assert "731942" in sent["TextBody"]
    assert "731942" in sent["HtmlBody"]


@pytest.mark.django_db
def test_mailgun_receives_the_domain(service: Any) -> None:
    with service_server((200, MAILGUN_SENT)) as server:
        service("mailgun", server.port)
        queue()
        assert send_due() == 1
    [(path, headers, body)] = server.messages
    assert path == "/framelane.test/messages"
    assert headers["Authorization"].startswith("Basic ")
    assert b"731942" in body
    assert quote("ada@example.org").encode() in body or b"ada@example.org" in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reply", "is_final"),
    [
        ((500, {"message": "down"}), False),
        ((429, {"message": "slow down"}), False),
        ((422, POSTMARK_BOUNCED), True),
    ],
)
def test_a_service_that_fails_is_tried_again_and_a_bounced_address_is_not(
    service: Any, reply: tuple[int, Any], is_final: bool
) -> None:
    with service_server(reply) as server:
        service("postmark", server.port)
        queue()
        assert send_due() == 0
    assert (Mail.objects.get().given_up_at is not None) is is_final


@pytest.mark.django_db
def test_a_service_that_is_back_gets_the_mail(service: Any) -> None:
    with service_server((503, {}), (200, POSTMARK_SENT)) as server:
        service("postmark", server.port)
        mail = queue()
        assert send_due() == 0
        Mail.objects.update(due_at=mail.created_at)
        assert send_due() == 1
    assert len(server.messages) == 2


@pytest.mark.parametrize("name", MAIL_SERVICES)
def test_every_service_takes_its_settings(service: Any, name: str) -> None:
    service(name, 1)
    connection: Any = get_connection()
    assert connection.esp_name.lower() == name
    assert (connection.api_url, connection.timeout) == ("http://127.0.0.1:1/", 5)
    assert "the-key" in vars(connection).values()


def test_a_service_is_chosen_by_the_environment(tmp_path: Path) -> None:
    code = "from framelane import settings; print(settings.EMAIL_BACKEND, settings.ANYMAIL)"
    options = {"FRAMELANE_MAIL_SERVICE": "mailgun", "FRAMELANE_MAIL_API_KEY": "k", "FRAMELANE_MAIL_DOMAIN": "a.example"}
    done = run_python(code, tmp_path, **options, FRAMELANE_MAIL_TIMEOUT_S="7")
    given = {"MAILGUN_API_KEY": "k", "MAILGUN_SENDER_DOMAIN": "a.example", "REQUESTS_TIMEOUT": 7}
    assert done.stdout.strip() == f"anymail.backends.mailgun.EmailBackend {given}"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"FRAMELANE_MAIL_SERVICE": "pigeon"}, "framelane.E070"),
        ({"FRAMELANE_MAIL_SERVICE": "postmark"}, "framelane.E071"),
        ({"FRAMELANE_MAIL_SERVICE": "mailgun", "FRAMELANE_MAIL_API_KEY": "k"}, "framelane.E072"),
        ({"FRAMELANE_MAIL_TIMEOUT_S": 0}, "framelane.E073"),
        ({"FRAMELANE_SIGNUPS_PER_ADDRESS": 0}, "framelane.E074"),
        ({"FRAMELANE_SIGNUPS_PER_CLIENT": -1}, "framelane.E074"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: Any, changed: dict[str, Any], expected: str) -> None:
    settings.FRAMELANE_PUBLIC_URL = "http://localhost:8000"
    for name, value in changed.items():
        setattr(settings, name, value)
    assert {message.id for message in check_settings()} == {expected}
