"""People and their groups for the staff. Only superusers make staff; whoever may change people can shut one out."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from apps.workspaces import sessions
from framelane.api.staff import Linked, ReadOnly
from framelane.api.staff_acts import Act, ActRefused, Changes, offer

for _model in (User, Group, EmailAddress):
    admin.site.unregister(_model)


class _SuperusersOnly:
    """Who decides about rights could give themselves all of them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class StaffUserAdmin(_SuperusersOnly, Linked, UserAdmin):  # type: ignore[type-arg]
    """People go with their last workspace; until then they can be shut out."""

    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups", "date_joined"]
    search_fields = ["username", "email"]
    date_hierarchy = "date_joined"
    belongings = {
        "Memberships": ("workspaces_membership", "user__id__exact"),
        "Identities": ("workspaces_identity", "user__id__exact"),
        "E-mail addresses": ("account_emailaddress", "user__id__exact"),
        "What they did": ("audit_auditentry", "actor__id__exact"),
        "Grants": ("billing_grant", "granted_by__id__exact"),
    }

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return shown if obj is None else (*shown, ("Elsewhere", {"fields": ("leads_to",)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Their groups say what they may; "last login" is what happened.
        return [*super().get_readonly_fields(request, obj), "leads_to", "last_login", "date_joined"]


@admin.register(Group)
class StaffGroupAdmin(_SuperusersOnly, Linked, GroupAdmin):
    list_display = ["name"]


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly):
    """Addresses are proven by mails, not by hand."""

    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    list_select_related = ["user"]
    search_fields = ["email", "user__username"]


def _require_power_over(request: HttpRequest, user: User) -> None:
    if user == request.user:
        raise ActRefused("nobody does this to themselves.")
    if user.is_superuser and not request.user.is_superuser:
        raise ActRefused("only a superuser does this to a superuser.")


def _sign_out(request: HttpRequest, user: User, answers: dict[str, Any]) -> Changes:
    _require_power_over(request, user)
    sessions.sign_out(user=user)
    return None


def _deactivate(request: HttpRequest, user: User, answers: dict[str, Any]) -> Changes:
    _require_power_over(request, user)
    sessions.deactivate(user=user)
    return None


def _activate(request: HttpRequest, user: User, answers: dict[str, Any]) -> Changes:
    _require_power_over(request, user)
    sessions.activate(user=user)
    return None


offer(
    User,
    Act(
        name="sign_out",
        label="Sign out everywhere",
        action="user.sign_out",
        permission="auth.change_user",
        question="Every session of these people ends. They can sign in again.",
        run=_sign_out,
        done="signed out",
    ),
    Act(
        name="deactivate",
        label="Deactivate",
        action="user.deactivate",
        permission="auth.change_user",
        question="These people are signed out and cannot sign in, here or in the console. API keys work on.",
        run=_deactivate,
        can=lambda user: bool(user.is_active),
        watched=("is_active",),
        is_dangerous=True,
        done="deactivated",
    ),
    Act(
        name="activate",
        label="Activate",
        action="user.activate",
        permission="auth.change_user",
        question="These people can sign in again.",
        run=_activate,
        can=lambda user: not user.is_active,
        watched=("is_active",),
        done="activated",
    ),
)
