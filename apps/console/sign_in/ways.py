"""Where people come from and go to around a sign-in."""

from typing import Final

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

NEXT: Final = "next"
MAX_LENGTH: Final = 2000


def wanted_page(request: HttpRequest) -> str | None:
    """The page of ours that somebody came for, as `?next=` or as a field of the form says; None for anything else."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_path = wanted.startswith("/") and len(wanted) <= MAX_LENGTH and wanted.isprintable()
    return wanted if is_path and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else None
