"""Whether an address is known is told to its owner and to nobody else; and nobody is flooded with mails."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.signup import codes
from apps.workspaces.models import Workspace
from apps.workspaces.services import create_workspace
from framelane.lib import clock
from tests.console.entering import CODE, RESEND, SIGN_IN, SIGN_UP, a_user, ask, ask_as_new, browser, enter
from tests.mails import last_code, mails_to, other_than
from tests.people import client_with

pytestmark = pytest.mark.django_db
NEW, PERSON, OF_CURL, LOCKED, WAITING = (f"{name}@example.org" for name in ("one", "two", "six", "ten", "odd"))
EVERYBODY = (NEW, PERSON, OF_CURL, LOCKED, WAITING)


@pytest.fixture(autouse=True)
def known() -> None:
    """A person, somebody who signed up by curl, one who was locked out, and one who never proved their address."""
    a_user(PERSON)
    create_workspace(name="By curl", email=OF_CURL, verified=True)
    a_user(LOCKED, is_active=False)
    create_workspace(name="Waiting", email=WAITING)


def shape(response: Any) -> tuple[int, dict[str, str], str]:
    """Everything of an answer but what is random: its bytes, with every address and token alike."""
    headers = {name: value for name, value in response.headers.items() if name not in ("X-Request-Id", "Expires")}
    headers = {name: value for name, value in headers.items() if not name.startswith("RateLimit")}
    text = re.sub(r'(csrfmiddlewaretoken" value=|CSRFToken": )"[^"]+"', "token", response.content.decode())
    return response.status_code, headers, re.sub("|".join(EVERYBODY), "<address>", text)


def walk(client: Client, email: str, begin: Callable[..., Any]) -> list[tuple[int, dict[str, str], str]]:
    """Every page that a stranger sees who enters an address and never the right code."""
    answers = [begin(client, email), client.get(CODE)]
    answers += [enter(client, "12345"), *(enter(client, "000000") for _ in range(6)), client.post(RESEND)]
    return [shape(answer) for answer in answers]


@pytest.mark.parametrize("begin", [ask, ask_as_new])
def test_every_page_is_the_same_for_every_address(begin: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "generate", lambda: "111111")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    walks = [walk(browser(), email, begin) for email in EVERYBODY]
    for found in walks[1:]:
        assert found == walks[0]


@pytest.mark.parametrize("begin", [ask, ask_as_new])
def test_every_address_takes_as_many_queries(begin: Callable[..., Any]) -> None:
    counts = {}
    begin(browser(), "warm@example.org")
    for email in EVERYBODY:
        client = browser()
        with CaptureQueriesContext(connection) as asking:
            begin(client, email)
        with CaptureQueriesContext(connection) as entering:
            enter(client, "000000")
        counts[email] = (len(asking), len(entering))
    assert len(set(counts.values())) == 1, counts


def test_an_unknown_address_is_told_how_to_sign_up_and_no_code_lets_it_in() -> None:
    client = browser()
    ask(client, NEW)
    [message] = mails_to(NEW)
    assert "not known" in message.subject
    assert "/console/sign-up" in message.body
    assert not re.search(r"\b[0-9]{6}\b", message.body)
    assert enter(client, "000000").status_code == 422
    assert not User.objects.filter(email=NEW).exists()


def test_the_mail_of_an_unknown_address_can_be_had_again(pass_time: Any) -> None:
    client = browser()
    ask(client, NEW)
    pass_time(timedelta(seconds=31))
    client.post(RESEND)
    assert [message.subject for message in mails_to(NEW)] == ["Your address is not known to Framelane"] * 2


def test_who_waits_to_be_verified_can_sign_in_and_gets_nothing_that_a_stranger_made() -> None:
    client = browser()
    ask(client, WAITING)
    assert enter(client, last_code(WAITING)).status_code == 302
    assert Workspace.objects.get(email=WAITING).verified_at is None


def test_a_workspace_that_is_being_erased_knows_nobody() -> None:
    Workspace.objects.filter(email=OF_CURL).update(erasure_requested_at=clock.now())
    ask(browser(), OF_CURL)
    assert "not known" in mails_to(OF_CURL)[0].subject


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_an_address_gets_a_few_mails_an_hour(settings: Any, pass_time: Any) -> None:
    settings.FRAMELANE_SIGNUPS_PER_ADDRESS = 2
    for email in (NEW, PERSON):
        answers = [ask(browser(), email), ask_as_new(browser(), email), ask(browser(), email.upper())]
        assert [answer.status_code for answer in answers] == [302, 302, 429]
        assert "Try again in 60 minutes" in answers[-1].content.decode()
        assert 3500 < int(answers[-1]["Retry-After"]) <= 3600
        assert len(mails_to(email)) == 2
    pass_time(timedelta(minutes=61))
    assert ask(browser(), NEW).status_code == 302


def test_asking_again_counts_like_asking(settings: Any, pass_time: Any) -> None:
    settings.FRAMELANE_SIGNUPS_PER_ADDRESS = 2
    client = browser()
    ask(client, PERSON)
    for status in (302, 429):
        pass_time(timedelta(seconds=31))
        response = client.post(RESEND)
        assert response.status_code == status
    assert "Too many mails" in response.content.decode()
    assert enter(client, last_code(PERSON)).status_code == 302


def test_signing_up_by_curl_leaves_the_mails_of_signing_in(settings: Any) -> None:
    """Nobody is kept out by a stranger who signs up with their address."""
    settings.FRAMELANE_SIGNUPS_PER_ADDRESS = 1
    body = {"workspace_name": "x", "email": PERSON}
    assert [client_with(None).post("/v1/signup", body, format="json").status_code for _ in range(2)] == [201, 429]
    assert ask(browser(), PERSON).status_code == 302


def test_a_client_asks_so_often_an_hour(settings: Any) -> None:
    settings.FRAMELANE_SIGNUPS_PER_CLIENT = 2
    answers = [ask(browser(), f"{name}@example.net") for name in "abc"]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    elsewhere = browser()
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert ask(elsewhere, "c@example.net").status_code == 302


@pytest.fixture
def two_a_minute(settings: Any, still_minute: None) -> None:
    settings.FRAMELANE_RATE_LIMIT_SIGNUP = 2


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP, CODE, RESEND])
def test_what_is_sent_counts_like_signing_up_by_curl(path: str, two_a_minute: None) -> None:
    client = browser()
    client_with(None).post("/v1/signup", {}, format="json")
    assert client.post(path, {}).status_code in (302, 422)
    refused = client.post(path, {})
    assert refused.status_code == 429
    assert refused["Content-Type"] == "text/html; charset=utf-8"
    assert "Too many requests" in refused.content.decode()
    assert int(refused["Retry-After"]) >= 1
    # To look at costs nothing.
    assert client.get(SIGN_IN).status_code == 200


def test_codes_cannot_be_guessed_in_one_sitting(two_a_minute: None) -> None:
    client = browser()
    ask(client, PERSON)
    wrong = other_than(last_code(PERSON))
    assert [enter(client, wrong).status_code for _ in range(3)] == [422, 429, 429]
