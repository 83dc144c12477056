"""Who belongs to a workspace: it never loses its last owner."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from apps.workspaces import members
from apps.workspaces.models import Membership, Role, Workspace
from apps.workspaces.selectors import find_membership, members_of, memberships_of
from framelane.lib import clock
from tests.people import Person
from tests.threads import at_once


def user(name: str) -> User:
    return User.objects.create(username=name)


def roles(workspace: Workspace) -> dict[str, str]:
    return {membership.user.username: membership.role for membership in members_of(workspace)}


def test_people_join_as_members_unless_said_otherwise(alice: Person) -> None:
    members.add_member(workspace=alice.workspace, user=user("ann"), role=Role.OWNER)
    members.add_member(workspace=alice.workspace, user=user("ben"))
    assert roles(alice.workspace) == {"ann": "owner", "ben": "member"}


def test_nobody_joins_twice(alice: Person) -> None:
    ann = user("ann")
    members.add_member(workspace=alice.workspace, user=ann, role=Role.OWNER)
    with pytest.raises(members.AlreadyMember, match="as owner"):
        members.add_member(workspace=alice.workspace, user=ann)
    assert roles(alice.workspace) == {"ann": "owner"}


def test_roles_that_do_not_exist_are_refused(alice: Person) -> None:
    ann = user("ann")
    with pytest.raises(ValueError, match="admin"):
        members.add_member(workspace=alice.workspace, user=ann, role="admin")
    members.add_member(workspace=alice.workspace, user=ann)
    with pytest.raises(ValueError, match="admin"):
        members.change_role(workspace=alice.workspace, user=ann, role="admin")
    assert roles(alice.workspace) == {"ann": "member"}


def test_the_last_owner_can_neither_leave_nor_step_down(alice: Person) -> None:
    ann, ben = user("ann"), user("ben")
    members.add_member(workspace=alice.workspace, user=ann, role=Role.OWNER)
    members.add_member(workspace=alice.workspace, user=ben)
    with pytest.raises(members.LastOwner):
        members.remove_member(workspace=alice.workspace, user=ann)
    with pytest.raises(members.LastOwner):
        members.change_role(workspace=alice.workspace, user=ann, role=Role.MEMBER)
    assert roles(alice.workspace) == {"ann": "owner", "ben": "member"}
    members.change_role(workspace=alice.workspace, user=ben, role=Role.OWNER)
    members.remove_member(workspace=alice.workspace, user=ann)
    assert roles(alice.workspace) == {"ben": "owner"}


def test_owners_of_other_workspaces_do_not_count(alice: Person, bob: Person) -> None:
    ann, ben = user("ann"), user("ben")
    members.add_member(workspace=alice.workspace, user=ann, role=Role.OWNER)
    members.add_member(workspace=bob.workspace, user=ben, role=Role.OWNER)
    with pytest.raises(members.LastOwner):
        members.remove_member(workspace=alice.workspace, user=ann)


@pytest.mark.parametrize("change", [members.remove_member, lambda **who: members.change_role(**who, role="owner")])
def test_only_members_can_be_changed(change: Callable[..., Any], alice: Person, bob: Person) -> None:
    ann = user("ann")
    members.add_member(workspace=bob.workspace, user=ann)
    with pytest.raises(members.NotAMember):
        change(workspace=alice.workspace, user=ann)
    assert roles(bob.workspace) == {"ann": "member"}


def test_the_first_joined_workspace_that_lives_is_the_default(alice: Person, bob: Person) -> None:
    ann = user("ann")
    assert find_membership(ann) is None
    for workspace in (alice.workspace, bob.workspace):
        members.add_member(workspace=workspace, user=ann)
    chosen = find_membership(ann)
    assert chosen is not None
    assert chosen.workspace == alice.workspace
    Workspace.objects.filter(id=alice.workspace.id).update(erasure_requested_at=clock.now())
    chosen = find_membership(ann)
    assert chosen is not None
    assert chosen.workspace == bob.workspace
    assert [one.workspace for one in memberships_of(ann)] == [bob.workspace]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leave", [members.remove_member, lambda **who: members.change_role(**who, role="member")])
@pytest.mark.parametrize("_round", range(3))
def test_owners_who_all_leave_at_once_leave_one_behind(
    leave: Callable[..., Any], _round: int, transactional_db: None, alice: Person
) -> None:
    owners = [user(f"owner{number}") for number in range(6)]
    for owner in owners:
        members.add_member(workspace=alice.workspace, user=owner, role=Role.OWNER)

    def run(owner: User) -> bool:
        try:
            leave(workspace=alice.workspace, user=owner)
        except members.LastOwner:
            return False
        return True

    left = at_once(*(partial(run, owner) for owner in owners))
    assert left.count(False) == 1
    assert Membership.objects.filter(workspace=alice.workspace, role=Role.OWNER).count() == 1
