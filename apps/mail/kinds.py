"""Every mail that the platform sends: its subject, and what its templates need to know.

The texts are `templates/mail/<name>.txt` and `.html`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """`subject` is a format string over `fields`, which a context holds exactly. Subjects never name secrets."""

    subject: str
    fields: frozenset[str]

    @property
    def is_secret(self) -> bool:
        """Whether a context lets somebody in, so that nothing of it may be kept."""
        return "code" in self.fields


def _kind(subject: str, *fields: str) -> Kind:
    return Kind(subject, frozenset(fields))


KINDS: Final[dict[str, Kind]] = {
    # These five go to addresses that nobody has proven yet: nothing that a stranger typed may appear in them, or
    # signing up would be a way to send one's own words to anybody.
    "verification_code": _kind("Your Framelane verification code", "code", "minutes", "key_prefix"),
    "address_in_use": _kind("Your address already has a Framelane workspace"),
    "sign_in_code": _kind("Your Framelane sign-in code", "code", "minutes"),
    "sign_up_code": _kind("Your Framelane sign-up code", "code", "minutes"),
    "unknown_address": _kind("Your address is not known to Framelane"),
    # To a stranger as well, but from somebody with a proven address, which is all that it says about them.
    "invitation": _kind("{inviter} invites you to a workspace", "inviter", "address", "days"),
    "api_key_created": _kind(
        "A new API key for {workspace_name}", "workspace_name", "key_id", "key_name", "key_prefix", "created_at"
    ),
    "webhook_disabled": _kind(
        "A webhook of {workspace_name} was switched off", "workspace_name", "webhook_id", "url", "failing_since"
    ),
    "quota_80": _kind(
        "{workspace_name} has used 80 % of its render minutes",
        *("workspace_name", "used_minutes", "limit_minutes", "period_end"),
    ),
    "quota_100": _kind(
        "{workspace_name} has used all of its render minutes",
        *("workspace_name", "used_minutes", "limit_minutes", "period_end"),
    ),
    "payment_failed": _kind("A payment for {workspace_name} failed", "workspace_name", "read_only_from"),
    "workspace_erased": _kind("{workspace_name} was erased", "workspace_name", "workspace_id", "erased_at"),
}


def kind_of(name: str) -> Kind:
    """The kind of mail with this name. Raises ValueError for one that does not exist."""
    if name not in KINDS:
        raise ValueError(f"there is no mail {name!r}; accepted are {', '.join(KINDS)}")
    return KINDS[name]
