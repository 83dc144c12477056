"""What somebody types to sign in or up."""

from typing import Any

from django import forms
from pydantic import TypeAdapter, ValidationError

from apps.signup import addresses, codes
from framelane.api.names import MAX_LENGTH as MAX_NAME_LENGTH
from framelane.api.names import Name

_NAME: TypeAdapter[str] = TypeAdapter(Name)


class EmailField(forms.CharField):
    """An address in the form in which mail is sent to it."""

    def __init__(self) -> None:
        super().__init__(
            max_length=addresses.MAX_LENGTH,
            error_messages={"required": "Enter your e-mail address."},
            label="E-mail",
            widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return addresses.normalised(text)
        except ValueError as reason:
            raise forms.ValidationError(f"That cannot be an e-mail address: {reason}.") from None


class NameField(forms.CharField):
    """What a workspace is called."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(
            max_length=MAX_NAME_LENGTH,
            error_messages={"required": "Give your workspace a name."},
            label="Name of your workspace",
            widget=forms.TextInput(attrs={"autocomplete": "organization", **attrs}),
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return _NAME.validate_python(text)
        except ValidationError:
            raise forms.ValidationError("A name may hold printable characters only.") from None


class CodeField(forms.CharField):
    """Six digits; people copy them with spaces."""

    def __init__(self) -> None:
        super().__init__(max_length=32, error_messages={"required": "Enter the code of the mail."}, label="Code")

    def clean(self, value: Any) -> str:
        code = "".join(super().clean(value).split())
        if not (code.isascii() and code.isdigit() and len(code) == codes.DIGITS):
            raise forms.ValidationError(f"A code has {codes.DIGITS} digits.")
        return code


class SignInForm(forms.Form):
    email = EmailField()


class SignUpForm(forms.Form):
    email = EmailField()
    workspace_name = NameField()


class CodeForm(forms.Form):
    code = CodeField()


class WorkspaceForm(forms.Form):
    workspace_name = NameField(autofocus=True)
