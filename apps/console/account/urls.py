"""Addresses of the settings of a workspace, of its people, and of what it pays."""

from django.urls import URLPattern, path

from apps.console.account import billing, invitations, people, settings

pages: list[URLPattern] = [
    path("billing", billing.billing, name="billing"),
    path("billing/checkout", billing.checkout, name="checkout"),
    path("billing/portal", billing.portal, name="portal"),
    path("settings", settings.settings, name="settings"),
    path("settings/delete", settings.delete, name="workspace-delete"),
    path("settings/people", people.people, name="people"),
    path("settings/people/invite", people.invite, name="invite"),
    path("settings/people/withdraw", people.withdraw, name="invitation-withdraw"),
    path("settings/people/<int:user_id>/role", people.change_role, name="member-role"),
    path("settings/people/<int:user_id>/remove", people.remove, name="member-remove"),
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/<str:invitation_id>/accept", invitations.accept, name="invitation-accept"),
    path("invitations/<str:invitation_id>/decline", invitations.decline, name="invitation-decline"),
]
