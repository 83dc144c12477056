"""Addresses of signing in, up and out, and of choosing a workspace."""

from django.urls import URLPattern, path

from apps.console.sign_in import views, welcome, workspaces

pages: list[URLPattern] = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", views.code, name="sign-in-code"),
    path("sign-in/resend", views.resend, name="sign-in-resend"),
    path("sign-up", views.sign_up, name="sign-up"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("sign-out/everywhere", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("welcome", welcome.welcome, name="welcome"),
    path("switch", workspaces.switch, name="switch"),
    path("impersonation/end", workspaces.end_impersonation, name="impersonation-end"),
]
