"""How often one may sign up and have codes sent."""

from datetime import timedelta
from typing import Any

import pytest

from apps.signup import allowances, tasks
from apps.signup.models import Allowance
from framelane.api.errors import ApiError
from tests.contract.test_envelope import assert_envelope
from tests.mails import mails_to
from tests.people import client_with
from tests.signup.conftest import resend, sign_up, verify

pytestmark = pytest.mark.django_db


def test_three_codes_an_hour(pass_time: Any) -> None:
    sign_up()
    assert [resend().status_code for _ in range(3)] == [202] * 3
    assert len(mails_to()) == 4
    pass_time(timedelta(minutes=59))
    response = resend()
    error = assert_envelope(response, 429, "rate_limited")
    assert 30 <= int(response["Retry-After"]) <= 60
    assert error["details"]["limit"] == 3
    assert len(mails_to()) == 4
    pass_time(timedelta(minutes=1, seconds=5))
    assert resend().status_code == 202


def test_the_hour_slides(pass_time: Any) -> None:
    for minute in (0, 40, 10):
        pass_time(timedelta(minutes=minute))
        assert resend().status_code == 202
    pass_time(timedelta(minutes=15))
    assert [resend().status_code, resend().status_code] == [202, 429]


def test_refusals_do_not_prolong_themselves(pass_time: Any) -> None:
    for _ in range(3):
        resend()
    for _ in range(10):
        pass_time(timedelta(minutes=5))
        assert resend().status_code == 429
    pass_time(timedelta(minutes=11))
    assert resend().status_code == 202


def test_spellings_share_the_limit_of_their_address() -> None:
    spellings = ["ada@example.org", "ADA@example.org", "ada@EXAMPLE.org", "Ada@example.org"]
    assert [resend(email).status_code for email in spellings] == [202, 202, 202, 429]


def test_an_address_signs_up_a_few_times_an_hour(settings: Any) -> None:
    settings.FRAMELANE_SIGNUPS_PER_ADDRESS = 2
    assert [sign_up().status_code for _ in range(3)] == [201, 201, 429]
    assert sign_up(email="bob@example.org").status_code == 201


def test_a_client_signs_up_so_often_an_hour(settings: Any) -> None:
    settings.FRAMELANE_SIGNUPS_PER_CLIENT = 2
    answers = [sign_up(email=f"{name}@example.org") for name in "abc"]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    elsewhere = client_with(None)
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_up(email="c@example.org", client=elsewhere).status_code == 201


def test_requests_that_are_refused_for_their_form_cost_nothing() -> None:
    for _ in range(10):
        assert sign_up(email="nobody").status_code == 422
        assert verify("12").status_code == 422
    assert not Allowance.objects.exists()


def test_allowances_are_exact() -> None:
    for _ in range(4):
        allowances.take("tests", "a", 4)
    with pytest.raises(ApiError, match="Only 4 tests an hour"):
        allowances.take("tests", "a", 4)
    allowances.take("tests", "b", 4)
    allowances.take("other tests", "a", 4)


def test_the_hour_is_forgotten_when_it_is_over(pass_time: Any) -> None:
    resend()
    tasks.sweep()
    assert Allowance.objects.count() == 1
    pass_time(timedelta(hours=1, seconds=5))
    tasks.sweep()
    assert not Allowance.objects.exists()
