"""`manage.py make_previews`: has the previews made that are missing, or all of them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.previews.services import plan_again
from apps.previews.subjects import all_subjects


class Command(BaseCommand):
    help = "Have the workers make the previews of completed jobs and ready assets that are missing or have failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also make those again that there are")

    def handle(self, *args: Any, **options: Any) -> None:
        planned = sum(plan_again(subject=subject, also_made=options["all"]) for subject in all_subjects())
        self.stdout.write(f"{planned} previews will be made")
