"""The project's settings in a fresh home.

Which back end the suite runs on comes from the environment alone: with DATABASE_URL and CELERY_BROKER_URL it is
PostgreSQL and Redis, without them SQLite and the filesystem transport.
"""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="framelane-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["FRAMELANE_HOME"] = _home
os.environ["FRAMELANE_ENV"] = "development"

from framelane.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "framelane.test"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# All tests come from one address, and on Redis their counts outlive them.
FRAMELANE_RATE_LIMIT_PUBLIC = FRAMELANE_RATE_LIMIT_SIGNUP = FRAMELANE_RATE_LIMIT_FAILED_AUTH = 1_000_000

# Payments stay switched off until a test gives the other settings.
if "apps.billing.stripe.mirror_app.MirrorConfig" not in INSTALLED_APPS:  # noqa: F405
    INSTALLED_APPS.append("apps.billing.stripe.mirror_app.MirrorConfig")  # noqa: F405
MIGRATION_MODULES = {"djstripe": "tests.djstripe_tables.migrations"}
STRIPE_SECRET_KEY = "sk_test_" + "0" * 24
STRIPE_LIVE_MODE = False
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_CUSTOMER_KEY = ""
