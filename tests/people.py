"""Alice and Bob: a workspace each, with a key and a client that sends it."""

from dataclasses import dataclass
from typing import Any

from rest_framework.test import APIClient

from apps.api_keys.models import ApiKey
from apps.api_keys.services import create_key
from apps.workspaces.models import Workspace
from apps.workspaces.services import create_workspace


@dataclass(frozen=True)
class Person:
    """Someone with a workspace. `secret` is the text of `key`; `client` sends it with every request."""

    workspace: Workspace
    key: ApiKey
    secret: str
    client: APIClient

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(path, **extra)

    def post(self, path: str, body: Any, **extra: Any) -> Any:
        return self.client.post(path, body, format="json", **extra)

    def post_raw(self, path: str, body: bytes, content_type: str = "application/json", **extra: Any) -> Any:
        """Exactly these bytes."""
        client: Any = self.client
        return client.generic("POST", path, body, content_type=content_type, **extra)

    def delete(self, path: str, **extra: Any) -> Any:
        return self.client.delete(path, **extra)


def client_with(secret: str | None) -> APIClient:
    """A client that authenticates with `secret`, or not at all; failures of the server are answers, not exceptions."""
    client = APIClient(raise_request_exception=False)
    if secret is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def make_person(name: str, plan: str = "pro") -> Person:
    """A person with a verified workspace."""
    email = f"{name.lower()}@example.org"
    workspace = create_workspace(name=f"{name}'s workspace", email=email, plan=plan, verified=True)
    key, secret = create_key(workspace=workspace, name=f"{name}'s key")
    return Person(workspace, key, secret, client_with(secret))
