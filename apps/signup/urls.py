"""Paths of signing up."""

from django.urls import URLPattern, URLResolver, path

from apps.signup.api import SignupViewSet
from apps.signup.sync_api import AuthViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/signup", SignupViewSet.as_view({"post": "create"})),
    path("v1/signup/verify", SignupViewSet.as_view({"post": "verify"})),
    path("v1/signup/resend", SignupViewSet.as_view({"post": "resend"})),
    path("v1/auth/sync", AuthViewSet.as_view({"post": "sync"})),
]
