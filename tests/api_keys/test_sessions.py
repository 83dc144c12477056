"""Session tokens as bearer: members act like keys, within their role and their workspaces."""

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from apps.api_keys import scopes
from apps.jobs.models import Job
from apps.workspaces.members import add_member
from apps.workspaces.models import Identity, Role, Workspace
from framelane.lib import clock
from tests.oidc_server import StandInIssuer, configure, running_issuer
from tests.oidc_server import issuer as issuer
from tests.oidc_server import server as server
from tests.people import Person, client_with

RENDERS = "/v1/renders"
KEYS = "/v1/api-keys"
SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}


def member(issuer: StandInIssuer, name: str, *places: tuple[Person, str]) -> APIClient:
    """Somebody whom the issuer knows, with a role in each place, and their client."""
    user = User.objects.create(username=name)
    Identity.objects.create(issuer=issuer.url, subject=f"user_{name}", user=user)
    for person, role in places:
        add_member(workspace=person.workspace, user=user, role=role)
    return client_with(issuer.token(sub=f"user_{name}"))


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_an_owner_may_do_what_a_key_may(issuer: StandInIssuer, alice: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    made = ann.post(RENDERS, SCENE, format="json")
    assert made.status_code == 202
    assert made.json()["workspace_id"] == alice.workspace.id
    assert alice.get(f"{RENDERS}/{made.json()['id']}").status_code == 200
    key = ann.post(KEYS, {"name": "mine"}, format="json")
    assert (key.status_code, key.json()["scopes"]) == (201, list(scopes.ALL))


def test_idempotency_spans_keys_and_sessions_of_a_workspace(issuer: StandInIssuer, alice: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    first = ann.post(RENDERS, SCENE, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = alice.post(RENDERS, SCENE, HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert Job.objects.count() == 1


def test_a_member_may_neither_change_the_workspace_nor_its_bills(issuer: StandInIssuer, alice: Person) -> None:
    ben = member(issuer, "ben", (alice, Role.MEMBER))
    assert ben.post(RENDERS, SCENE, format="json").status_code == 202
    assert ben.get(KEYS).status_code == 200
    refused = ben.post(KEYS, {"name": "mine"}, format="json")
    assert error_of(refused) == (403, "forbidden")
    assert "role" in refused.json()["error"]["message"]
    assert ben.delete(f"{KEYS}/{alice.key.id}").status_code == 403
    assert set(scopes.ALL) - scopes.of_role(Role.MEMBER) == {"workspace:write", "billing:write"}
    assert scopes.of_role(Role.OWNER) == set(scopes.ALL)


def test_people_choose_among_their_workspaces(issuer: StandInIssuer, alice: Person, bob: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER), (bob, Role.MEMBER))
    alices = alice.post(RENDERS, SCENE).json()["id"]
    bobs = bob.post(RENDERS, SCENE).json()["id"]

    def listed(**headers: str) -> list[str]:
        return [job["id"] for job in ann.get(RENDERS, **headers).json()["data"]]

    assert listed() == [alices]
    assert listed(HTTP_FRAMELANE_WORKSPACE=alice.workspace.id) == [alices]
    assert listed(HTTP_FRAMELANE_WORKSPACE=bob.workspace.id) == [bobs]
    # The role is that of the chosen place.
    assert ann.get(KEYS, HTTP_FRAMELANE_WORKSPACE=bob.workspace.id).status_code == 200
    refused = ann.post(KEYS, {"name": "n"}, format="json", HTTP_FRAMELANE_WORKSPACE=bob.workspace.id)
    assert refused.status_code == 403


def test_foreign_workspaces_look_like_missing_ones(issuer: StandInIssuer, alice: Person, bob: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    Workspace.objects.filter(id=bob.workspace.id).update(erasure_requested_at=clock.now())
    wanted = [bob.workspace.id, "ws_01J8QR2K5VKDGN2T4FBM3CZYX7", "nonsense", "", "x" * 5000]
    answers = [ann.get(RENDERS, HTTP_FRAMELANE_WORKSPACE=each) for each in wanted]
    assert {error_of(answer) for answer in answers} == {(404, "not_found")}
    assert len({answer.content for answer in answers}) == 1


def test_a_key_opens_no_other_workspace(alice: Person, bob: Person) -> None:
    assert alice.get(RENDERS, HTTP_FRAMELANE_WORKSPACE=alice.workspace.id).status_code == 200
    for wanted in (bob.workspace.id, "nonsense"):
        assert error_of(alice.get(RENDERS, HTTP_FRAMELANE_WORKSPACE=wanted)) == (404, "not_found")


def test_a_workspace_that_is_being_erased_is_closed(issuer: StandInIssuer, alice: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    Workspace.objects.filter(id=alice.workspace.id).update(erasure_requested_at=clock.now())
    assert error_of(ann.get(RENDERS)) == (401, "unauthorized")
    assert error_of(ann.get(RENDERS, HTTP_FRAMELANE_WORKSPACE=alice.workspace.id)) == (401, "unauthorized")
    assert error_of(alice.get(RENDERS)) == (401, "unauthorized")


def test_an_unverified_workspace_is_closed_to_its_people_too(issuer: StandInIssuer, alice: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    Workspace.objects.filter(id=alice.workspace.id).update(verified_at=None)
    assert error_of(ann.get(RENDERS)) == (403, "email_not_verified")


def test_people_without_a_workspace_are_told_so(issuer: StandInIssuer, db: None) -> None:
    assert error_of(member(issuer, "ann").get(RENDERS)) == (403, "forbidden")


def test_people_who_never_signed_in_are_401(issuer: StandInIssuer, db: None) -> None:
    response = client_with(issuer.token()).get(RENDERS)
    assert error_of(response) == (401, "unauthorized")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert "/v1/auth/sync" in response.json()["error"]["message"]


def test_people_who_were_locked_out_are_401(issuer: StandInIssuer, alice: Person) -> None:
    ann = member(issuer, "ann", (alice, Role.OWNER))
    User.objects.update(is_active=False)
    assert error_of(ann.get(RENDERS)) == (401, "unauthorized")


def test_the_same_subject_of_another_issuer_is_somebody_else(
    issuer: StandInIssuer, alice: Person, settings: Any
) -> None:
    member(issuer, "ann", (alice, Role.OWNER))
    with running_issuer() as other:
        configure(settings, other)
        assert client_with(other.token(sub="user_ann")).get(RENDERS).status_code == 401
        # Signed by the other issuer in the first one's name.
        configure(settings, issuer, JWKS_URL="")
        forged = other.token(key="second", sub="user_ann", iss=issuer.url, headers={"kid": "first"})
        assert client_with(forged).get(RENDERS).status_code == 401


def test_bad_tokens_say_what_is_wrong(issuer: StandInIssuer, alice: Person) -> None:
    member(issuer, "ann", (alice, Role.OWNER))
    for changes, reason in (({"exp": 1}, "expired"), ({"aud": "other"}, "audience"), ({"iss": "x"}, "issuer")):
        response = client_with(issuer.token(sub="user_ann", **changes)).get(RENDERS)
        assert error_of(response) == (401, "unauthorized")
        assert reason in response.json()["error"]["message"]


def test_an_issuer_that_is_away_is_503(alice: Person, settings: Any) -> None:
    with running_issuer() as issuer:
        configure(settings, issuer)
        ann = member(issuer, "ann", (alice, Role.OWNER))
    response = ann.get(RENDERS)
    assert error_of(response) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    # Keys need no issuer.
    assert alice.get(RENDERS).status_code == 200


def test_without_an_issuer_tokens_are_no_keys(alice: Person) -> None:
    with running_issuer() as issuer:
        assert error_of(member(issuer, "ann", (alice, Role.OWNER)).get(RENDERS)) == (401, "unauthorized")
        assert issuer.asked == []
