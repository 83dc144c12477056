"""dj-stripe's app as it is used here: its tables, and neither its webhooks nor its start-up checks of them.

Those checks ask the database whenever a process starts.
"""

from djstripe.apps import DjstripeAppConfig


class MirrorConfig(DjstripeAppConfig):  # type: ignore[misc]
    def ready(self) -> None:
        # Gives the objects of Stripe's library back the methods of a dictionary, which dj-stripe relies on.
        from djstripe import _stripe_compat  # noqa: F401
        from djstripe.models.base import StripeModel

        # There is one account, that of the key. To find it dj-stripe would write the secret key into a table.
        StripeModel._find_owner_account = classmethod(lambda cls, *args, **kwargs: None)

        # The pages of all apps are registered by now: the administration comes first in INSTALLED_APPS.
        from apps.billing.stripe.mirror_admin import replace_pages

        replace_pages()
