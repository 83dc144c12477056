"""From a name and an address to a key that works."""

from datetime import timedelta
from typing import Any

import pytest

from apps.api_keys.keys import is_well_formed
from apps.mail.models import Mail
from apps.signup import codes, services, tasks
from apps.signup.models import Allowance, Signup
from apps.workspaces.models import Workspace
from framelane.lib import ids
from tests.mails import code_in, last_code, mails_to, other_than
from tests.people import client_with
from tests.signup.conftest import EMAIL, resend, sign_up, verify

pytestmark = pytest.mark.django_db
RENDERS = "/v1/renders"


def status_of(secret: str, path: str = RENDERS) -> tuple[int, str]:
    """What a key is worth: the status, and the code of an error."""
    response = client_with(secret).get(path)
    return response.status_code, response.json().get("error", {}).get("code", "")


def test_answers_with_a_workspace_and_a_key() -> None:
    response = sign_up(name="  Ada's films  ")
    body = response.json()
    assert response.status_code == 201
    assert set(body) == {"workspace", "api_key", "verification"}
    assert body["verification"] == "pending"
    workspace, key = body["workspace"], body["api_key"]
    assert ids.is_id(workspace["id"], "ws")
    assert (workspace["name"], workspace["email"]) == ("Ada's films", EMAIL)
    assert (workspace["plan"], workspace["plan_status"], workspace["verified"]) == ("free", "active", False)
    assert ids.is_id(key["id"], "key")
    assert is_well_formed(key["key"])
    assert key["key"].startswith(key["key_prefix"])
    assert (key["revoked_at"], key["expires_at"], key["last_used_at"]) == (None, None, None)


def test_the_key_waits_for_the_code() -> None:
    secret = sign_up().json()["api_key"]["key"]
    assert status_of(secret) == (403, "email_not_verified")
    response = verify(last_code())
    assert response.status_code == 200
    assert response.json()["workspace"]["verified"] is True
    assert status_of(secret) == (200, "")
    assert len(mails_to()) == 1


def test_the_workspace_itself_can_be_read_before() -> None:
    body = sign_up().json()
    response = client_with(body["api_key"]["key"]).get("/v1/workspace")
    assert response.status_code == 200
    assert response.json() == body["workspace"]


def test_the_mail_tells_the_code_and_which_key_it_is_for() -> None:
    prefix = sign_up().json()["api_key"]["key_prefix"]
    [message] = mails_to()
    assert code_in(message)
    assert prefix in message.body
    assert "10 minutes" in message.body


def test_neither_code_nor_key_is_kept() -> None:
    secret = sign_up().json()["api_key"]["key"]
    code = last_code()
    rows = [*Signup.objects.values(), *Mail.objects.values(), *Allowance.objects.values()]
    assert code not in str(rows)
    assert secret not in str(rows)
    assert EMAIL not in str(list(Allowance.objects.values()))


def test_codes_are_salted() -> None:
    first, second = (codes.sealed("123456", address=EMAIL, salt=codes.new_salt()) for _ in range(2))
    assert first != second
    assert codes.opens("123456", first, address=EMAIL, salt="x") is False
    assert codes.opens("123456", codes.sealed("123456", address=EMAIL, salt="x"), address=EMAIL, salt="x") is True
    assert codes.opens("123456", codes.sealed("123456", address=EMAIL, salt="x"), address="b@c.de", salt="x") is False


def test_codes_are_six_digits_of_all_kinds() -> None:
    made = {codes.generate() for _ in range(2000)}
    assert all(len(code) == 6 and code.isdigit() for code in made)
    assert {code[0] for code in made} == set("0123456789")
    assert len(made) > 1900


def test_a_code_works_once() -> None:
    sign_up()
    code = last_code()
    assert (verify(code).status_code, verify(code).status_code) == (200, 422)


@pytest.mark.parametrize("written", ["{0} {1}", " {0}{1}\n", "{0}\u00a0{1}"])
def test_a_code_may_be_copied_with_spaces(written: str) -> None:
    sign_up()
    code = last_code()
    assert verify(written.format(code[:3], code[3:])).status_code == 200


def test_a_code_works_for_ten_minutes(pass_time: Any) -> None:
    sign_up()
    code = last_code()
    pass_time(timedelta(minutes=9, seconds=55))
    assert verify(other_than(code)).status_code == 422
    pass_time(timedelta(seconds=10))
    assert verify(code).status_code == 422


def test_a_code_works_at_the_fifth_try() -> None:
    sign_up()
    code = last_code()
    for _ in range(4):
        verify(other_than(code))
    assert verify(code).status_code == 200


def test_a_code_is_dead_after_five_tries() -> None:
    sign_up()
    code = last_code()
    for _ in range(5):
        assert verify(other_than(code)).status_code == 422
    assert verify(code).status_code == 422
    resend()
    assert verify(last_code()).status_code == 200


def test_a_new_code_replaces_the_old_one() -> None:
    sign_up()
    old = last_code()
    assert resend().status_code == 202
    new = last_code()
    assert len(mails_to()) == 2
    assert old == new or verify(old).status_code == 422
    assert verify(new).status_code == 200


def test_a_resent_mail_is_for_the_same_key() -> None:
    prefix = sign_up().json()["api_key"]["key_prefix"]
    resend()
    assert prefix in mails_to()[-1].body


@pytest.mark.parametrize("spelling", ["ADA@EXAMPLE.ORG", " ada@example.org ", "Ada@Example.Org"])
def test_an_address_is_the_same_however_it_is_written(spelling: str) -> None:
    sign_up()
    code = last_code()
    assert verify(code, email=spelling).status_code == 200
    sign_up(email=spelling)
    assert Workspace.objects.exclude(signup__is_decoy=True).count() == 1


def test_signing_up_again_replaces_what_was_not_verified() -> None:
    first = sign_up().json()["api_key"]["key"]
    old = last_code()
    second = sign_up().json()["api_key"]["key"]
    assert Workspace.objects.count() == Signup.objects.count() == 1
    assert status_of(first) == (401, "unauthorized")
    new = last_code()
    assert old == new or verify(old).status_code == 422
    assert verify(new).status_code == 200
    assert status_of(second) == (200, "")


def test_the_address_of_an_erased_workspace_is_free_again() -> None:
    first = sign_up().json()["workspace"]["id"]
    verify(last_code())
    Workspace.objects.filter(id=first).update(erasure_requested_at="2026-01-01T00:00:00Z")
    second = sign_up().json()["workspace"]["id"]
    assert verify(last_code()).json()["workspace"]["id"] == second
    assert Workspace.objects.filter(id=first).exists()
    Workspace.objects.get(id=first).delete()
    assert sign_up().status_code == 201
    assert "already has" in mails_to()[-1].subject


def test_what_is_being_erased_is_not_verified() -> None:
    sign_up()
    code = last_code()
    Workspace.objects.update(erasure_requested_at="2026-01-01T00:00:00Z")
    assert verify(code).status_code == 422
    assert Workspace.objects.get().verified_at is None


def test_workspaces_that_nobody_verifies_are_erased_after_a_week(pass_time: Any) -> None:
    sign_up()
    sign_up(email="bob@example.org")
    verify(last_code("bob@example.org"), email="bob@example.org")
    pass_time(services.UNVERIFIED_KEPT - timedelta(minutes=1))
    sign_up(email="carol@example.org")
    tasks.sweep()
    assert Workspace.objects.count() == 3
    pass_time(timedelta(minutes=2))
    tasks.sweep()
    assert set(Workspace.objects.values_list("email", flat=True)) == {"bob@example.org", "carol@example.org"}
    assert not Signup.objects.filter(address=EMAIL).exists()
    assert not Mail.objects.filter(to=EMAIL).exists()


def test_signing_up_again_begins_the_week_anew(pass_time: Any) -> None:
    sign_up()
    pass_time(timedelta(days=6))
    sign_up()
    pass_time(timedelta(days=2))
    tasks.sweep()
    assert Workspace.objects.count() == 1


def test_a_resent_code_works_days_later(pass_time: Any) -> None:
    secret = sign_up().json()["api_key"]["key"]
    pass_time(timedelta(days=3))
    resend()
    assert verify(last_code()).status_code == 200
    assert status_of(secret) == (200, "")
