"""`manage.py create_workspace`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.api_keys.keys import is_well_formed
from apps.api_keys.selectors import find_by_secret
from apps.workspaces.models import Workspace
from tests.people import client_with


def run(**options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    arguments = [f"--{name}={value}" for name, value in options.items()]
    call_command("create_workspace", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("plan", ["free", "pro", "enterprise"])
def test_prints_nothing_but_the_key(plan: str) -> None:
    out, err = run(name="Alice's films", email="alice@example.org", plan=plan)
    assert out.endswith("\n")
    assert is_well_formed(out.removesuffix("\n"))
    assert err == ""
    key = find_by_secret(out.strip())
    assert key is not None
    assert (key.workspace.name, key.workspace.email, key.workspace.plan) == ("Alice's films", "alice@example.org", plan)
    assert key.workspace.id.startswith("ws_")


@pytest.mark.django_db
def test_key_works_at_once() -> None:
    out, _ = run(name="Bob", email="bob@example.org", plan="pro")
    assert client_with(out.strip()).get("/v1/renders").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"name": "", "email": "a@example.org"}, "--name"),
        ({"name": "x" * 256, "email": "a@example.org"}, "--name"),
        ({"name": "a\nb", "email": "a@example.org"}, "--name"),
        ({"name": "A", "email": "nobody"}, "--email"),
        ({"name": "A", "email": "a@example.org", "plan": "gold"}, "gold"),
    ],
)
def test_refuses_and_leaves_nothing_behind(options: dict[str, str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run(**options)
    assert not Workspace.objects.exists()
