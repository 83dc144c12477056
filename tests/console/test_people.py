"""Members and invitations in the console."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.account.invitations import MAX_AN_HOUR, forget_lapsed
from apps.mail.models import Mail
from apps.workspaces.models import Invitation, Membership
from framelane.lib import clock, ids
from tests.console.people import signed_in, user_of
from tests.people import Person


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def person(email: str) -> tuple[User, Client]:
    """Somebody who has signed in and belongs nowhere."""
    user, client = User.objects.create(username=ids.new_id("user"), email=email), Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user, client


def invite(client: Client, email: str = "grace@example.org", role: str = "member") -> Invitation:
    assert client.post("/console/settings/people/invite", {"email": email, "role": role}).status_code == 302
    return Invitation.objects.get(email=email)


def test_who_is_invited_joins_by_their_own_choice(owner: Client, alice: Person) -> None:
    invitation = invite(owner, role="owner")
    mail = Mail.objects.get(template="invitation")
    assert (mail.to, mail.context["inviter"]) == ("grace@example.org", "alice@example.org")
    assert alice.workspace.name not in str(mail.context)
    user, grace = person("Grace@Example.org")
    assert not Membership.objects.filter(user=user).exists()
    assert "Alice&#x27;s workspace" in grace.get("/console/invitations").content.decode()
    page = grace.post(f"/console/invitations/{invitation.id}/accept", follow=True).content.decode()
    assert "You have joined" in page
    assert Membership.objects.get(user=user).role == "owner"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "known"),
    [("a@B\u00fccher.example", "a@xn--bcher-kva.example"), ("a@\uff42\u00fccher.example", "a@xn--bcher-kva.example")],
)
def test_one_address_is_one_however_it_is_written(owner: Client, typed: str, known: str) -> None:
    owner.post("/console/settings/people/invite", {"email": typed, "role": "member"})
    assert [invitation.email for invitation in Invitation.objects.all()] == [known]
    _, invited = person(known)
    assert "Alice&#x27;s workspace" in invited.get("/console/invitations").content.decode()


@pytest.mark.parametrize(
    "email", ["a@localhost", "a@[127.0.0.1]", '"a b"@example.org', "a@exa_mple.org", "a" * 65 + "@b.de"]
)
def test_what_nobody_can_prove_is_not_invited(owner: Client, email: str) -> None:
    assert owner.post("/console/settings/people/invite", {"email": email, "role": "member"}).status_code == 422
    assert not Invitation.objects.exists()


def test_an_invitation_can_be_declined_or_withdrawn(owner: Client) -> None:
    user, grace = person("grace@example.org")
    grace.post(f"/console/invitations/{invite(owner).id}/decline")
    assert not Invitation.objects.exists()
    invitation = invite(owner)
    owner.post("/console/settings/people/withdraw", {"invitation": invitation.id})
    assert grace.post(f"/console/invitations/{invitation.id}/accept").status_code == 404
    assert not Membership.objects.filter(user=user).exists()
    assert owner.post("/console/settings/people/withdraw", {"invitation": "a\0b"}).status_code == 404


def test_nobody_takes_the_place_of_another(owner: Client) -> None:
    invitation = invite(owner)
    for email in ("mallory@example.org", ""):
        user, mallory = person(email)
        assert mallory.post(f"/console/invitations/{invitation.id}/accept").status_code == 404
        assert not Membership.objects.filter(user=user).exists()


def test_a_lapsed_invitation_is_forgotten(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = invite(owner)
    Invitation.objects.update(expires_at=clock.now())
    _, grace = person("grace@example.org")
    assert grace.post(f"/console/invitations/{invitation.id}/accept").status_code == 404
    assert forget_lapsed() == 1


def test_inviting_again_renews_and_members_are_not_invited(owner: Client, alice: Person) -> None:
    first = invite(owner)
    again = invite(owner, role="owner")
    assert (again.id, again.role) == (first.id, "owner")
    user_of(alice, "member", email="ada@example.org")
    answer = owner.post("/console/settings/people/invite", {"email": "ADA@example.org", "role": "member"})
    assert answer.status_code == 422
    assert "belongs to this workspace already" in answer.content.decode()


def test_invitations_are_bounded(owner: Client) -> None:
    for number in range(MAX_AN_HOUR):
        invite(owner, f"p{number}@example.org")
    answer = owner.post("/console/settings/people/invite", {"email": "more@example.org", "role": "member"})
    assert answer.status_code == 429


@pytest.mark.parametrize("fields", [{"email": "no address"}, {"email": "a" * 250 + "@b.org"}, {"role": "emperor"}])
def test_broken_invitations_are_refused(owner: Client, fields: dict[str, str]) -> None:
    answer = owner.post("/console/settings/people/invite", {"email": "g@example.org", "role": "member", **fields})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_roles_change_but_an_owner_stays(owner: Client, alice: Person) -> None:
    member = user_of(alice, "member", email="ada@example.org")
    me = Membership.objects.get(workspace=alice.workspace, role="owner").user
    assert owner.post(f"/console/settings/people/{me.id}/role", {"role": "member"}).status_code == 409
    assert owner.post(f"/console/settings/people/{me.id}/remove").status_code == 409
    assert owner.post(f"/console/settings/people/{member.id}/role", {"role": "owner"}).status_code == 302
    assert owner.post(f"/console/settings/people/{me.id}/remove").status_code == 302
    assert list(Membership.objects.filter(workspace=alice.workspace).values_list("user_id", flat=True)) == [member.id]


def test_members_may_leave_and_nothing_else(alice: Person) -> None:
    user = user_of(alice, email="ada@example.org")
    member = signed_in(alice, "member", email="eve@example.org")
    assert member.get("/console/settings/people").status_code == 200
    assert member.post("/console/settings/people/invite", {"email": "x@y.org", "role": "owner"}).status_code == 403
    assert member.post(f"/console/settings/people/{user.id}/remove").status_code == 403
    assert member.post(f"/console/settings/people/{user.id}/role", {"role": "member"}).status_code == 403
    eve = User.objects.get(email="eve@example.org")
    assert member.post(f"/console/settings/people/{eve.id}/remove").status_code == 302
    assert not Membership.objects.filter(user=eve).exists()


def test_people_of_others_do_not_exist(owner: Client, bob: Person) -> None:
    stranger = user_of(bob)
    assert owner.post(f"/console/settings/people/{stranger.id}/remove").status_code == 404
    assert owner.post(f"/console/settings/people/{stranger.id}/role", {"role": "member"}).status_code == 404
