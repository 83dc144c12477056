"""`manage.py create_workspace`: a workspace and its first key, for installations without a sign-up."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.api_keys.services import create_key
from apps.workspaces.models import Plan, Workspace
from apps.workspaces.services import create_workspace


class Command(BaseCommand):
    help = "Creates a workspace whose e-mail address counts as verified, and prints its API key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="1 to 255 characters")
        parser.add_argument("--email", required=True)
        parser.add_argument("--plan", default=Plan.FREE.value, choices=Plan.values)

    def handle(self, *args: Any, **options: Any) -> str:
        with transaction.atomic():
            workspace = self._workspace(options["name"], options["email"], options["plan"])
            _, secret = create_key(workspace=workspace, name="First key")
        return secret

    def _workspace(self, name: str, email: str, plan: str) -> Workspace:
        try:
            return create_workspace(name=name, email=email, plan=plan, verified=True)
        except ValidationError as error:
            found = [f"--{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()]
            raise CommandError("\n".join(found)) from None
