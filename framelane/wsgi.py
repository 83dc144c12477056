"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")
application = get_wsgi_application()

from framelane.checks import refuse_unsafe_start  # noqa: E402 - needs the applications to be loaded

refuse_unsafe_start()
