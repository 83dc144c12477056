"""What people enter about a workspace and its people."""

from typing import Any

from django import forms

from apps.console.develop.forms import PrintableName
from apps.signup import addresses
from apps.workspaces.models import Role

ROLES = [(Role.MEMBER.value, "Member"), (Role.OWNER.value, "Owner")]


class NameForm(forms.Form):
    """What the workspace is called."""

    name = PrintableName()


class DeletionForm(forms.Form):
    """The id of the workspace, typed, to be sure."""

    confirm = forms.CharField(
        label="Type the id of this workspace",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args: Any, workspace_id: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._workspace_id = workspace_id

    def clean_confirm(self) -> str:
        confirm: str = self.cleaned_data["confirm"]
        if confirm != self._workspace_id:
            raise forms.ValidationError(f"That is {confirm!r}; accepted is {self._workspace_id}.")
        return confirm


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(choices=ROLES, help_text="Members do all but change the workspace, keys and bills.")

    def clean_email(self) -> str:
        """As the person will prove it: other spellings of a domain are the same address."""
        try:
            return addresses.normalised(self.cleaned_data["email"])
        except ValueError as reason:
            raise forms.ValidationError(f"That cannot be an e-mail address: {reason}.") from None


class RoleForm(forms.Form):
    """What a member is to be."""

    role = forms.ChoiceField(choices=ROLES)
