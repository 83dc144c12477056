"""POST /v1/auth/sync: from a session token to a workspace."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from apps.api_keys.models import ApiKey
from apps.mail.models import Mail
from apps.workspaces.members import add_member, remove_member
from apps.workspaces.models import Identity, Membership, Role, Workspace
from apps.workspaces.services import create_workspace
from framelane.lib import clock
from tests.oidc_server import StandInIssuer, configure, running_issuer
from tests.oidc_server import issuer as issuer
from tests.oidc_server import server as server
from tests.people import Person, client_with
from tests.threads import at_once

SYNC = "/v1/auth/sync"
RENDERS = "/v1/renders"


def sync(token: str, name: str = "token") -> Any:
    return client_with(None).post(SYNC, {name: token}, format="json")


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def owners() -> list[tuple[str, str]]:
    """(e-mail address of the workspace, subject of its owner), for each."""
    found = Membership.objects.filter(role=Role.OWNER)
    return sorted(found.values_list("workspace__email", "user__identities__subject"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["token", "clerk_token"])
def test_first_sight_makes_a_person_a_workspace_and_a_key(name: str, issuer: StandInIssuer) -> None:
    response = sync(issuer.token(), name)
    assert response.status_code == 200
    body = response.json()
    assert body["is_new"] is True
    assert body["workspace"]["email"] == "alice@example.org"
    assert body["workspace"]["name"] == "Alice Liddell's workspace"
    assert body["workspace"]["verified"] is True
    assert client_with(body["api_key"]["key"]).get(RENDERS).status_code == 200
    assert client_with(issuer.token()).get(RENDERS).status_code == 200
    assert owners() == [("alice@example.org", "user_alice")]
    user = User.objects.get()
    assert (user.email, user.first_name, user.has_usable_password()) == ("alice@example.org", "Alice Liddell", False)
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.django_db
def test_the_second_time_shows_the_same_workspace_and_no_key(issuer: StandInIssuer) -> None:
    first = sync(issuer.token()).json()
    # Clerk's session tokens need not name an address; only a new workspace needs one.
    again = sync(issuer.token(email=None)).json()
    assert again == {"workspace": first["workspace"], "is_new": False, "api_key": None}
    assert (User.objects.count(), Workspace.objects.count(), ApiKey.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_a_changed_address_is_the_same_person(issuer: StandInIssuer) -> None:
    first = sync(issuer.token()).json()
    again = sync(issuer.token(email="ann@example.org")).json()
    assert again["workspace"]["id"] == first["workspace"]["id"]
    assert Identity.objects.count() == 1


@pytest.mark.django_db
def test_an_unproven_address_has_to_be_verified(issuer: StandInIssuer) -> None:
    body = sync(issuer.token(email_verified=False)).json()
    assert (body["is_new"], body["workspace"]["verified"]) == (True, False)
    for secret in (body["api_key"]["key"], issuer.token()):
        assert error_of(client_with(secret).get(RENDERS)) == (403, "email_not_verified")
    # What nobody has proven must not lead to the person later.
    assert User.objects.get().email == ""
    mail = Mail.objects.get()
    assert (mail.to, mail.template) == ("alice@example.org", "verification_code")
    proof = {"email": "alice@example.org", "otp_code": mail.context["code"]}
    assert client_with(None).post("/v1/signup/verify", proof, format="json").status_code == 200
    assert client_with(issuer.token()).get(RENDERS).status_code == 200


@pytest.mark.django_db
def test_a_proof_that_comes_later_counts(issuer: StandInIssuer) -> None:
    first = sync(issuer.token(email_verified=False)).json()
    again = sync(issuer.token()).json()
    assert again["workspace"] == {**first["workspace"], "verified": True}
    assert User.objects.get().email == "alice@example.org"
    assert client_with(first["api_key"]["key"]).get(RENDERS).status_code == 200


@pytest.mark.django_db
def test_a_proof_of_another_address_does_not_count(issuer: StandInIssuer) -> None:
    sync(issuer.token(email_verified=False))
    again = sync(issuer.token(email="other@example.org")).json()
    assert again["workspace"]["verified"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email", [None, "", 7, "nonsense", "a@b", "x" * 250 + "@example.org", "a\nb@example.org", ["alice@example.org"]]
)
def test_a_new_workspace_needs_an_address(email: Any, issuer: StandInIssuer) -> None:
    response = sync(issuer.token(email=email))
    assert error_of(response) == (422, "validation_error")
    [field] = response.json()["error"]["details"]["fields"]
    assert (field["path"], field["code"]) == ("/token", "missing_claim")
    assert "email" in field["message"]
    assert (User.objects.count(), Workspace.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_clerks_name_of_the_claim_is_accepted(issuer: StandInIssuer) -> None:
    token = issuer.token(email=None, primary_email_address="alice@example.org", name=None)
    body = sync(token).json()
    assert (body["workspace"]["email"], body["workspace"]["name"]) == ("alice@example.org", "alice's workspace")


# --- Whose account it is ---


@pytest.mark.django_db
def test_an_unproven_address_takes_over_nobodys_account(issuer: StandInIssuer) -> None:
    victim = sync(issuer.token()).json()
    thief = sync(issuer.token(sub="user_mallory", email_verified=False)).json()
    assert thief["workspace"]["id"] != victim["workspace"]["id"]
    assert thief["workspace"]["verified"] is False
    listed = client_with(issuer.token(sub="user_mallory")).get(RENDERS)
    assert error_of(listed) == (403, "email_not_verified")
    assert owners() == [("alice@example.org", "user_alice"), ("alice@example.org", "user_mallory")]
    assert User.objects.count() == 2


@pytest.mark.django_db
def test_who_comes_first_with_a_foreign_address_does_not_wait_in_its_owners_account(issuer: StandInIssuer) -> None:
    thief = sync(issuer.token(sub="user_mallory", email_verified=False)).json()
    victim = sync(issuer.token()).json()
    assert victim["is_new"] is True
    assert victim["workspace"]["id"] != thief["workspace"]["id"]
    assert User.objects.count() == 2
    assert client_with(thief["api_key"]["key"]).get(RENDERS).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("proven", [True, False])
def test_a_person_known_from_elsewhere_is_found_by_a_proven_address_alone(
    proven: bool, issuer: StandInIssuer, alice: Person
) -> None:
    known = User.objects.create(username="ann", email="Alice@Example.org")
    add_member(workspace=alice.workspace, user=known, role=Role.OWNER)
    body = sync(issuer.token(email_verified=proven)).json()
    assert (body["workspace"]["id"] == alice.workspace.id) is proven
    assert (User.objects.count() == 1) is proven


@pytest.mark.django_db
def test_two_subjects_of_one_issuer_are_two_people(issuer: StandInIssuer) -> None:
    """Addresses are given out again; subjects never are (OpenID Connect Core 1.0, 5.7)."""
    first = sync(issuer.token()).json()
    second = sync(issuer.token(sub="user_new_alice")).json()
    assert first["workspace"]["id"] != second["workspace"]["id"]
    assert User.objects.count() == 2


@pytest.mark.django_db
def test_no_token_becomes_staff(issuer: StandInIssuer) -> None:
    User.objects.create_superuser("root", "alice@example.org", "secret")
    sync(issuer.token())
    assert not Identity.objects.get().user.is_superuser


@pytest.mark.django_db
def test_a_workspace_made_by_keys_alone_goes_to_who_proves_its_address(issuer: StandInIssuer, alice: Person) -> None:
    assert alice.workspace.email == "alice@example.org"
    body = sync(issuer.token(email="ALICE@example.org")).json()
    assert (body["workspace"]["id"], body["is_new"], body["api_key"]) == (alice.workspace.id, False, None)
    assert client_with(issuer.token()).get(RENDERS).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["token unproven", "workspace unproven", "owned", "erased"])
def test_other_workspaces_of_that_address_go_to_nobody(case: str, issuer: StandInIssuer, alice: Person) -> None:
    mine = Workspace.objects.filter(id=alice.workspace.id)
    if case == "workspace unproven":
        mine.update(verified_at=None)
    elif case == "owned":
        add_member(workspace=alice.workspace, user=User.objects.create(username="ben"), role=Role.OWNER)
    elif case == "erased":
        mine.update(erasure_requested_at=clock.now())
    body = sync(issuer.token(email_verified=case != "token unproven")).json()
    assert body["is_new"] is True
    assert body["workspace"]["id"] != alice.workspace.id
    assert not Membership.objects.filter(workspace=alice.workspace, user__identities__subject="user_alice").exists()


@pytest.mark.django_db
def test_who_was_removed_gets_a_workspace_of_their_own(issuer: StandInIssuer, alice: Person) -> None:
    sync(issuer.token())
    ann = User.objects.get()
    add_member(workspace=alice.workspace, user=User.objects.create(username="ben"), role=Role.OWNER)
    remove_member(workspace=alice.workspace, user=ann)
    body = sync(issuer.token()).json()
    assert (body["is_new"], body["workspace"]["id"] != alice.workspace.id) == (True, True)


@pytest.mark.django_db
def test_people_who_were_locked_out_stay_out(issuer: StandInIssuer) -> None:
    sync(issuer.token())
    User.objects.update(is_active=False)
    assert error_of(sync(issuer.token())) == (403, "forbidden")


# --- What is no good token ---


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": ""}, {"token": "a", "clerk_token": "b"}, {"token": 7}])
def test_exactly_one_token_is_needed(body: dict[str, Any], issuer: StandInIssuer, db: None) -> None:
    assert error_of(client_with(None).post(SYNC, body, format="json")) == (422, "validation_error")


def test_a_long_token_is_422(issuer: StandInIssuer, db: None) -> None:
    assert error_of(sync("x" * 8193)) == (422, "validation_error")
    assert issuer.asked == []


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"exp": 1}, {"aud": "other"}, {"iss": "https://evil.example"}])
def test_a_bad_token_is_401(changes: dict[str, Any], issuer: StandInIssuer) -> None:
    assert error_of(sync(issuer.token(**changes))) == (401, "unauthorized")
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_an_api_key_is_no_session(issuer: StandInIssuer, alice: Person) -> None:
    assert error_of(sync(alice.secret)) == (401, "unauthorized")


def test_an_issuer_that_is_away_is_503(settings: Any, db: None) -> None:
    with running_issuer() as issuer:
        configure(settings, issuer)
    assert error_of(sync(issuer.token())) == (503, "unavailable")


def test_without_an_issuer_it_is_501(anonymous: APIClient, db: None) -> None:
    response = anonymous.post(SYNC, {"token": "a.b.c"}, format="json")
    assert error_of(response) == (501, "not_configured")
    assert "FRAMELANE_OIDC_ISSUER" in response.json()["error"]["message"]


# --- At the same instant ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("proven", [True, False])
def test_first_syncs_at_the_same_instant_make_one_workspace(proven: bool, issuer: StandInIssuer) -> None:
    token = issuer.token(email_verified=proven)

    def run() -> tuple[int, bool, str]:
        response = sync(token)
        body = response.json()
        return response.status_code, body.get("is_new"), body.get("workspace", {}).get("id")

    results = at_once(*[run] * 8)
    assert Counter((status, is_new) for status, is_new, _ in results) == {(200, True): 1, (200, False): 7}
    assert len({workspace_id for *_, workspace_id in results}) == 1
    assert (User.objects.count(), Identity.objects.count(), Workspace.objects.count()) == (1, 1, 1)
    assert (Membership.objects.count(), ApiKey.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_both_get_a_workspace_made_by_keys_alone(settings: Any) -> None:
    create_workspace(name="Shared", email="alice@example.org", verified=True)
    with running_issuer() as issuer:
        configure(settings, issuer)

        def run(number: int) -> bool:
            return bool(sync(issuer.token(sub=f"user_{number}")).json()["is_new"])

        assert Counter(at_once(*(partial(run, number) for number in range(6)))) == {False: 1, True: 5}
    assert Membership.objects.filter(workspace__name="Shared").count() == 1
