"""Many requests at the same instant: one workspace for an address, five tries for a code."""

import pytest
from django.core import mail as outbox

from apps.api_keys.models import ApiKey
from apps.signup import allowances, services
from apps.signup.models import Signup
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError
from tests.mails import last_code, other_than
from tests.signup.conftest import EMAIL
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def plenty(settings: object) -> None:
    settings.FRAMELANE_SIGNUPS_PER_ADDRESS = 1000  # type: ignore[attr-defined]


def join(email: str = EMAIL) -> services.SignedUp:
    return services.sign_up(name="Ada's films", email=email, client="192.0.2.1")


@pytest.mark.parametrize("_round", range(3))
def test_simultaneous_sign_ups_of_an_address_make_one_workspace(_round: int) -> None:
    made = at_once(*[join] * 6)
    assert len({each.workspace.id for each in made}) == 6
    assert Workspace.objects.count() == ApiKey.objects.count() == Signup.objects.count() == 1
    assert Signup.objects.get().workspace_id == Workspace.objects.get().id


def test_simultaneous_sign_ups_of_a_used_address_make_one_decoy() -> None:
    join()
    services.verify(email=EMAIL, code=last_code())
    at_once(*[join] * 6)
    assert Workspace.objects.exclude(signup__is_decoy=True).count() == 1
    assert Workspace.objects.count() == ApiKey.objects.count() == 2


def test_simultaneous_guesses_are_five() -> None:
    join()
    code = last_code()
    at_once(*[lambda: services.verify(email=EMAIL, code=other_than(code))] * 12)
    assert Signup.objects.get().tries == 5
    assert services.verify(email=EMAIL, code=code) is None


@pytest.mark.parametrize("_round", range(3))
def test_a_code_is_spent_once(_round: int) -> None:
    join()
    code = last_code()
    found = at_once(*[lambda: services.verify(email=EMAIL, code=code)] * 5)
    assert len([workspace for workspace in found if workspace is not None]) == 1
    outbox.outbox.clear()


@pytest.mark.parametrize("_round", range(5))
def test_verifying_and_signing_up_again_agree(_round: int) -> None:
    """Either the first workspace is proven and the second is a decoy, or the code died with the first."""
    first = join()
    code = last_code()
    verified, second = at_once(lambda: services.verify(email=EMAIL, code=code), join)
    left = Workspace.objects.exclude(signup__is_decoy=True).get()
    assert left.id == (second.workspace.id if verified is None else first.workspace.id)  # type: ignore[union-attr]
    assert (left.verified_at is None) is (verified is None)


@pytest.mark.parametrize("_round", range(5))
def test_verifying_and_sweeping_agree(_round: int, monkeypatch: pytest.MonkeyPatch) -> None:
    join()
    code = last_code()
    Signup.objects.update(created_at="2020-01-01T00:00:00Z")
    verified, swept = at_once(lambda: services.verify(email=EMAIL, code=code), services.discard_stale)
    assert (verified is None) is (swept == 1)
    assert Workspace.objects.count() == (0 if verified is None else 1)


def test_simultaneous_resends_are_three() -> None:
    def resend() -> bool:
        try:
            services.resend_code(email=EMAIL)
        except ApiError:
            return False
        return True

    assert sum(at_once(*[resend] * 8)) == services.RESENDS_AN_HOUR


def test_simultaneous_takers_of_an_allowance_get_no_more_than_there_is() -> None:
    def take() -> bool:
        try:
            allowances.take("tests", "a", 3)
        except ApiError:
            return False
        return True

    assert sum(at_once(*[take] * 10)) == 3
