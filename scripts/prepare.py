"""`python -m scripts.prepare`: the database and the static files of FRAMELANE_HOME as this version needs them.

One process for both: most of the time goes into loading the applications.
"""

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()
