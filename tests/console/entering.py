"""People who sign in at the console, and the mails that they read for it."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from framelane.lib import ids
from tests.mails import EMAIL, last_code

SIGN_IN = "/console/sign-in"
SIGN_UP = "/console/sign-up"
CODE = "/console/sign-in/code"
RESEND = "/console/sign-in/resend"
WELCOME = "/console/welcome"
SWITCH = "/console/switch"
SIGN_OUT = "/console/sign-out"
DASHBOARD = "/console/"
END = "/console/impersonation/end"


def browser(**headers: str) -> Client:
    """A browser of somebody whom nobody knows yet."""
    return Client(headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8", **headers})


def a_user(email: str = EMAIL, **values: Any) -> User:
    user = User(username=ids.new_id("user"), email=email, **values)
    user.set_unusable_password()
    user.save()
    return user


def ask(client: Client, email: str = EMAIL, **fields: str) -> Any:
    """Ask for a code to sign in."""
    return client.post(SIGN_IN, {"email": email, **fields})


def ask_as_new(client: Client, email: str = EMAIL, name: str = "Ada's films", **fields: str) -> Any:
    return client.post(SIGN_UP, {"email": email, "workspace_name": name, **fields})


def enter(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


def signed_in(email: str = EMAIL) -> Client:
    """A browser in which the person of a known address has signed in."""
    client = browser()
    ask(client, email)
    response = enter(client, last_code(email))
    assert response.status_code == 302, response.content.decode()
    return client


def signed_up(email: str = EMAIL, name: str = "Ada's films") -> Client:
    client = browser()
    ask_as_new(client, email, name)
    assert enter(client, last_code(email)).status_code == 302
    return client


def person_in(client: Client) -> User | None:
    """Who is signed in there."""
    user_id = client.session.get("_auth_user_id")
    return User.objects.get(id=user_id) if user_id is not None else None
