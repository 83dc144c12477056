"""What Flower asks of whoever reaches its port. Both sides derive it from the installation's secret."""

from typing import Final

from django.conf import settings

from framelane.lib.signing import Signer

USER: Final = "framelane"


def password() -> str:
    """The password of `USER`, which changes with FRAMELANE_SECRET_KEY."""
    return Signer.for_purpose("flower", settings.SECRET_KEY).signature("basic authentication")


def environment() -> dict[str, str]:
    """The variables with which Flower refuses strangers, also at its interface for programs."""
    return {"FLOWER_BASIC_AUTH": f"{USER}:{password()}", "FLOWER_UNAUTHENTICATED_API": "false"}
