"""`manage.py collect_garbage`: deletes what nobody needs any more, or only says what that would be."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.uploads.garbage import collect, find_garbage
from apps.uploads.holders import Garbage
from apps.uploads.orphans import missing, strangers


class Command(BaseCommand):
    help = "Delete abandoned uploads, what is past its retention, and objects that no row names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="print what would be deleted, and delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = find_garbage()
        self._list(found if options["dry_run"] else collect(found), "would delete" if options["dry_run"] else "deleted")
        self._report()

    def _list(self, garbage: Iterable[Garbage], verb: str) -> None:
        sums: dict[str, list[int]] = {}
        for piece in garbage:
            self.stdout.write(f"{verb}\t{piece.reason}\t{piece.size_bytes}\t{piece.name}")
            sums.setdefault(piece.reason, []).append(piece.size_bytes)
        for reason, sizes in sorted(sums.items()):
            self.stdout.write(f"{verb} {len(sizes)} × {reason}, {sum(sizes)} bytes")
        if not sums:
            self.stdout.write(f"{verb} nothing")

    def _report(self) -> None:
        """What somebody should look at, and no run deletes."""
        for lost in missing():
            self.stdout.write(f"missing\t{lost.owner}\t{lost.key}")
        for found in strangers():
            self.stdout.write(f"unknown workspace\t{found.size_bytes}\t{found.key}")
