"""People who have signed in to the console."""

from django.contrib.auth.models import User
from django.test import Client

from apps.workspaces.members import add_member
from framelane.lib import ids
from tests.people import Person


def user_of(person: Person, role: str = "owner", *, email: str = "") -> User:
    """A new person in somebody's workspace."""
    user = User.objects.create(username=ids.new_id("user"), email=email or person.workspace.email)
    add_member(workspace=person.workspace, user=user, role=role)
    return user


def signed_in(person: Person, role: str = "owner", *, email: str = "") -> Client:
    """A browser in which a new member of somebody's workspace has signed in."""
    client = Client()
    client.force_login(user_of(person, role, email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client
