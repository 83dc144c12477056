"""Who makes staff, who comes and goes, and that all of it is on the record."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from apps.audit.models import AuditEntry
from tests.staff.acting import last_entry, page_of
from tests.staff.conftest import client_of
from tests.staff.rows import make_rows

pytestmark = pytest.mark.django_db


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    """What a browser sends that has changed this alone."""
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)}
    values = {"username": user.username, "first_name": "", "last_name": "", "email": user.email, **flags, **changes}
    return {name: value for name, value in values.items() if value is not None}


def test_a_superuser_makes_staff(staff: Client) -> None:
    person, group = User.objects.create_user("eve", "eve@example.org"), Group.objects.create(name="Support")
    answer = staff.post(page_of(User, "change", person.pk), form_of(person, is_staff="on", groups=[group.pk]))
    assert answer.status_code == 302, answer.content.decode()
    person.refresh_from_db()
    assert person.is_staff
    entry = last_entry("user.change")
    assert (entry.actor_name, entry.object_id) == ("charlie", str(person.pk))
    assert entry.changes == {"is_staff": [False, True], "groups": [[], ["Support"]]}


def test_a_superuser_adds_people_whose_passwords_are_not_written_down(staff: Client) -> None:
    secret = "correct horse battery"
    body = {"username": "eve", "usable_password": "true", "password1": secret, "password2": secret}
    assert staff.post(page_of(User, "add"), body).status_code == 302
    person = User.objects.get(username="eve")
    assert person.check_password(secret)
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    new = "another horse battery"
    assert staff.post(address, {"usable_password": "true", "password1": new, "password2": new}).status_code == 302
    actions = list(AuditEntry.objects.filter(object_id=str(person.pk)).values_list("action", flat=True))
    assert actions == ["user.change", "user.add"]
    written = str(list(AuditEntry.objects.values()))
    assert secret not in written
    assert new not in written


def test_nobody_else_does_whatever_their_rights(db: None) -> None:
    """Who could change rights could take all of them."""
    dora = User.objects.create_user("dora", is_staff=True)
    dora.user_permissions.set(Permission.objects.all())
    client = client_of(dora)
    person = User.objects.create_user("eve")
    assert client.get(page_of(User, "change", person.pk)).status_code == 200
    assert client.post(page_of(User, "change", person.pk), form_of(person, is_staff="on")).status_code == 403
    assert client.post(page_of(User, "change", dora.pk), form_of(dora, is_superuser="on")).status_code == 403
    assert client.get(page_of(User, "add")).status_code == 403
    group = Group.objects.create(name="Support")
    assert client.post(page_of(Group, "change", group.pk), {"name": "Kings"}).status_code == 403
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.post(address, {"password1": "x", "password2": "x"}).status_code == 403


def test_a_superuser_is_safe_from_those_who_are_not(db: None) -> None:
    king = User.objects.create_superuser("king")
    dora = User.objects.create_user("dora", is_staff=True)
    dora.user_permissions.set(Permission.objects.all())
    body = {"action": "deactivate", "_selected_action": [king.pk], "confirmed": "yes", "reason": "because"}
    page = client_of(dora).post(page_of(User, "changelist"), body, follow=True).content.decode()
    assert "only a superuser" in page
    king.refresh_from_db()
    assert king.is_active


def test_addresses_are_not_proven_by_hand(staff: Client) -> None:
    address = make_rows(EmailAddress, 1)[0]
    page = staff.get(page_of(EmailAddress, "changelist")).content.decode()
    assert "make_verified" not in page
    assert staff.post(page_of(EmailAddress, "change", address.pk), {"verified": "on"}).status_code == 403


# --- The door -------------------------------------------------------------------------------------------------------


def sign_in(client: Client, password: str) -> Any:
    return client.post(reverse("admin:login"), {"username": "charlie", "password": password})


def test_who_comes_and_goes_is_on_the_record(client: Client, db: None) -> None:
    User.objects.create_superuser("charlie", "charlie@example.org", "a password")
    assert sign_in(client, "a guess").status_code == 200
    entry = last_entry("staff.sign_in_failed")
    assert (entry.actor, entry.actor_name, entry.client_address) == (None, "charlie", "127.0.0.1")
    assert sign_in(client, "a password").status_code == 302
    client.post(reverse("admin:logout"))
    entries = AuditEntry.objects.order_by("id").values_list("action", "actor_name")
    names = ["staff.sign_in_failed", "staff.sign_in", "staff.sign_out"]
    assert list(entries) == [(name, "charlie") for name in names]
    assert "a guess" not in str(list(AuditEntry.objects.values()))


def test_customers_come_and_go_unseen(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("eve"))
    client.logout()
    assert not AuditEntry.objects.exists()


# --- The log --------------------------------------------------------------------------------------------------------


def test_the_log_is_nobodys_to_change(staff: Client) -> None:
    entry = make_rows(AuditEntry, 1)[0]
    assert staff.post(page_of(AuditEntry, "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert staff.post(page_of(AuditEntry, "change", entry.pk), {"reason": "another"}).status_code == 403
    body = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    staff.post(page_of(AuditEntry, "changelist"), body)
    assert AuditEntry.objects.filter(pk=entry.pk, reason=getattr(entry, "reason", "")).exists()


def test_the_log_is_searched_by_what_it_names(staff: Client) -> None:
    first, second = make_rows(AuditEntry, 2)
    assert isinstance(first, AuditEntry)
    found = staff.get(page_of(AuditEntry, "changelist"), {"q": first.workspace_id}).context["cl"].result_list
    assert [row.pk for row in found] == [first.pk]
    assert second.pk != first.pk
