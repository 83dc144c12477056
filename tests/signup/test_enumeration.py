"""Whether an address is known is told to its owner and to nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from apps.api_keys.keys import is_well_formed
from apps.api_keys.models import ApiKey
from apps.mail.services import send_due
from apps.signup import allowances, codes
from apps.signup.models import Signup
from apps.signup.services import discard_stale
from apps.workspaces.models import Workspace
from apps.workspaces.services import create_workspace
from tests.mails import last_code, mails_to, other_than
from tests.people import client_with
from tests.signup.conftest import resend, sign_up, verify

pytestmark = pytest.mark.django_db
NEW, USED, PENDING = "new@example.org", "old@example.org", "odd@example.org"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
VARYING = {"X-Request-Id", "RateLimit-Remaining", "RateLimit-Reset"}


@pytest.fixture(autouse=True)
def known() -> None:
    """An address that has a verified workspace, and one that waits to be verified."""
    sign_up(email=USED)
    assert verify(last_code(USED), email=USED).status_code == 200
    sign_up(email=PENDING)
    send_due()
    outbox.outbox.clear()


def shape(response: Any) -> tuple[int, dict[str, str], str]:
    """Everything of an answer but what is random or counts requests: its bytes with every letter and digit alike."""
    headers = {name: value for name, value in response.headers.items() if name not in VARYING}
    text = response.content.decode()
    for made in (r"ws_[0-9A-Z]{26}", r"key_[0-9A-Z]{26}", r"fl_live_[0-9A-Za-z]{36}", r"fl_live_[0-9A-Za-z]{4}"):
        text = re.sub(made, made, text)
    text = TIME.sub("<time>", text)
    text = re.sub(rf"{NEW}|{USED}|{PENDING}", "<address>", text)
    return response.status_code, {**headers, "Content-Length": ""}, text


def test_signing_up_answers_alike() -> None:
    assert len({str(shape(sign_up(email=email))) for email in (NEW, USED, PENDING)}) == 1


def test_answers_are_equally_long() -> None:
    """The addresses are; what is not is the zeros at the end of times, which are left out by chance."""
    assert len({len(TIME.sub("<time>", sign_up(email=email).content.decode())) for email in (NEW, USED, PENDING)}) == 1


def proven() -> list[dict[str, Any]]:
    """What belongs to verified workspaces."""
    found: list[Any] = [
        *Workspace.objects.exclude(verified_at=None).order_by("pk").values(),
        *ApiKey.objects.exclude(workspace__verified_at=None).order_by("pk").values(),
        *Signup.objects.exclude(workspace__verified_at=None).order_by("pk").values(),
    ]
    return found


def test_signing_up_with_a_used_address_changes_nothing_of_its_owner_and_tells_them() -> None:
    before = proven()
    secret = sign_up(email=USED).json()["api_key"]["key"]
    assert proven() == before
    assert is_well_formed(secret)
    [message] = mails_to(USED)
    assert "already has" in message.subject
    assert not re.search(r"\b[0-9]{6}\b", message.body)


def test_the_key_of_a_used_address_waits_like_that_of_a_new_one() -> None:
    for email in (NEW, USED, PENDING):
        stranger = client_with(sign_up(email=email).json()["api_key"]["key"])
        assert stranger.get("/v1/workspace").json()["verified"] is False
        assert stranger.get("/v1/renders").json()["error"]["code"] == "email_not_verified"


def test_signing_up_again_retires_the_former_key_alike() -> None:
    for email in (NEW, USED):
        first = client_with(sign_up(email=email).json()["api_key"]["key"])
        sign_up(email=email)
        assert first.get("/v1/workspace").status_code == 401


def test_no_code_proves_what_a_stranger_made_with_a_used_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "generate", lambda: "123456")
    stranger = client_with(sign_up(email=USED).json()["api_key"]["key"])
    assert verify("123456", email=USED).status_code == 422
    resend(USED)
    assert verify("123456", email=USED).status_code == 422
    assert stranger.get("/v1/workspace").json()["verified"] is False


def test_decoys_are_discarded_like_whatever_nobody_proved(pass_time: Any) -> None:
    before = proven()
    sign_up(email=USED)
    pass_time(timedelta(days=8))
    assert discard_stale() >= 1
    assert not Workspace.objects.filter(verified_at=None, email=USED).exists()
    assert proven() == before


def test_case_and_script_do_not_make_a_used_address_new() -> None:
    before = proven()
    for email in ("OLD@Example.ORG", "old@ｅｘａｍｐｌｅ.org"):
        sign_up(email=email)
    send_due()
    assert ["already has" in message.subject for message in outbox.outbox] == [True, True]
    assert proven() == before


def test_an_address_whose_workspace_the_operator_made_is_used_too() -> None:
    create_workspace(name="Ops", email="Ops@Example.org", verified=True)
    before = proven()
    assert sign_up(email="ops@example.org").status_code == 201
    assert proven() == before
    assert "already has" in mails_to("ops@example.org")[0].subject


def test_both_kinds_of_address_cost_the_same_writes(django_assert_max_num_queries: Any) -> None:
    """Nothing is left out for a used address."""
    for email in (NEW, USED):
        allowances.take("sign-ups of an address", email, 5)
    counts = []
    for email in (NEW, USED):
        with django_assert_max_num_queries(100) as queries:
            sign_up(email=email)
        statements = [query["sql"] for query in queries.captured_queries]
        counts.append([statement.split()[0] for statement in statements if statement.startswith(("INSERT", "UPDATE"))])
    new, used = counts
    assert len(new) == len(used) >= 5


def test_wrong_codes_answer_alike() -> None:
    resend(PENDING)
    right = last_code(PENDING)
    answers = [verify(other_than(right), email=email) for email in (NEW, USED, PENDING)]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({str(shape(answer)) for answer in answers}) == 1


def test_right_wrong_spent_expired_and_exhausted_codes_fail_alike(pass_time: Any) -> None:
    sign_up(email=NEW)
    right = last_code(NEW)
    answers = [verify(other_than(right), email=NEW)]
    verify(right, email=NEW)
    answers.append(verify(right, email=NEW))
    resend(PENDING)
    for _ in range(5):
        answers.append(verify(other_than(last_code(PENDING)), email=PENDING))
    answers.append(verify(last_code(PENDING), email=PENDING))
    resend(PENDING)
    pass_time(timedelta(minutes=11))
    answers.append(verify(last_code(PENDING), email=PENDING))
    assert {answer.status_code for answer in answers} == {422}
    assert len({str(shape(answer)) for answer in answers}) == 1


def test_resending_answers_alike_and_mails_only_who_waits() -> None:
    answers = [resend(email) for email in (NEW, USED, PENDING)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({str(shape(answer)) for answer in answers}) == 1
    assert [len(mails_to(email)) for email in (NEW, USED, PENDING)] == [0, 0, 1]


def test_limits_of_an_address_hold_for_all_addresses_alike() -> None:
    for email in (NEW, USED, PENDING):
        assert [resend(email).status_code for _ in range(4)] == [202, 202, 202, 429]
