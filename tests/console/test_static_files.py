"""What browsers load with pages in production: under names that change with the contents, compressed, kept for ever."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from framelane.static_files import HashedFiles

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db]
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
REFERENCE = re.compile(r"""(?:url\(|from |import )["']([^"'#]+)["']""")
OUR_FOLDERS = ("console", "staff")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The static files of a production. Scripts stay as large as they are: that takes most of the time."""
    root = tmp_path_factory.mktemp("static")
    backend = {"BACKEND": "framelane.static_files.HashedFiles"}
    production = {
        "STATIC_ROOT": root,
        "STORAGES": {**settings.STORAGES, "staticfiles": backend},
        "WHITENOISE_USE_FINDERS": False,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_SKIP_COMPRESS_EXTENSIONS": ("woff", "js", "svg"),
    }
    with override_settings(**production):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield root


def test_everything_that_our_files_name_is_there(collected: Path) -> None:
    ours = [path for folder in OUR_FOLDERS for path in (collected / folder).rglob("*") if HASHED.search(path.name)]
    named = [(path, name) for path in ours if path.suffix in (".css", ".js") for name in _named_in(path)]
    assert len(named) > 20
    assert [(path.name, name) for path, name in named if not (path.parent / name).is_file()] == []
    assert [(path.name, name) for path, name in named if not HASHED.search(name)] == []


def _named_in(path: Path) -> list[str]:
    return [name for name in REFERENCE.findall(path.read_text("utf-8")) if "$" not in name]


def test_pages_name_what_may_be_kept(collected: Path) -> None:
    page = Client().get("/console/sign-in").content.decode()
    names = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
    assert len(names) > 5
    assert [name for name in names if not HASHED.search(name) or not (collected / name).is_file()] == []


def test_browsers_keep_them_for_ever(collected: Path) -> None:
    answer = _served(HashedFiles().url("console/base.css"))
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" not in _served("/static/console/base.css").headers["Cache-Control"]


def _served(address: str) -> Any:
    def elsewhere(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    request = RequestFactory().get(address, headers={"Accept-Encoding": "gzip"})
    answer: Any = WhiteNoiseMiddleware(elsewhere)(request)
    answer.close()
    return answer


def test_what_was_not_collected_keeps_its_name(tmp_path: Path) -> None:
    files = HashedFiles(location=tmp_path)
    assert files.url("console/base.css") == "/static/console/base.css"
    assert files.url("nothing/of/that/name.css") == "/static/nothing/of/that/name.css"
