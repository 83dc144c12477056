"""Start-up checks. A half-configured production does not start."""

from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe_start() -> None:
    """Raises ImproperlyConfigured with every error that the checks find."""
    errors: list[CheckMessage] = [message for message in run_checks() if message.level >= ERROR]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
