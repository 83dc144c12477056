"""The page of the guide sends a file from another origin than the platform's, and goes on after breaks."""

import json
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.processes import ROOT, free_port, spawn, stop
from scripts.sdks import PYTHON
from tests.folders import files_below
from tests.sdks.stand import Stand, running_stand

PROGRAMS = ROOT / "examples" / "browser_upload"
GUIDE = ROOT / "docs" / "guides" / "browser-uploads.md"
START_TIMEOUT_S = 180.0
PATIENCE_MS = 180_000
"""Of whatever the page does: it only ends what hangs."""
PUT = {"method": "PUT", "path": "^/uploads/"}
PASSED: dict[str, object] = {**PUT, "action": "delay", "seconds": 0}
"""A fault that is none: it lets one request pass, so that the next fault meets the one after it."""
SIZE_BYTES = 3 * 1024 * 1024 + 12_345
"""Three whole pieces of the page, and a bit."""


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with running_stand(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture(scope="module")
def site(sdks: None, stand: Stand, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server of the guide answers."""
    port, log = free_port(), tmp_path_factory.mktemp("site") / "server.log"
    env = {**stand.variables, "PORT": str(port), "PATH": os.environ["PATH"]}
    with log.open("wb") as output:
        child = spawn([str(PYTHON), str(PROGRAMS / "server.py")], env=env, output=output)
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + START_TIMEOUT_S
    try:
        while not _answers(url):
            assert child.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.1)
        yield url
    finally:
        stop(child)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A clip, with something behind its end that players ignore."""
    clip = (ROOT / "docs" / "samples" / "clip.mp4").read_bytes()
    padding = SIZE_BYTES - len(clip)
    path = tmp_path / "long.mp4"
    path.write_bytes(clip + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    return path


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.mark.slow
@pytest.mark.once
def test_the_page_sends_a_file_in_pieces_from_its_own_origin(page: Page, site: str, film: Path, stand: Stand) -> None:
    page.goto(site)
    page.set_input_files("input", film)
    expect(page.get_by_role("status")).to_contain_text("Done.", timeout=PATIENCE_MS)
    assert _stored(page, stand) == film.read_bytes()


@pytest.mark.slow
@pytest.mark.once
def test_the_page_goes_on_where_the_line_broke(page: Page, site: str, film: Path, stand: Stand) -> None:
    # The question is not answered, the first piece arrives, the second one breaks off.
    _break(stand, [{**PUT, "action": "cut_before"}, PASSED, {**PUT, "action": "cut_request", "bytes": 300_000}])
    page.goto(site)
    page.set_input_files("input", film)
    expect(page.get_by_role("status")).to_contain_text("Done.", timeout=PATIENCE_MS)
    assert _stored(page, stand) == film.read_bytes()
    assert stand.proxy.book.left() == []


@pytest.mark.slow
@pytest.mark.once
def test_the_page_goes_on_after_it_was_loaded_again(page: Page, site: str, film: Path, stand: Stand) -> None:
    stand.proxy.book.forget()
    # The question, the first piece, and the second one, during which the page is loaded again.
    _break(stand, [PASSED, PASSED, {**PUT, "action": "delay", "seconds": 60}])
    page.goto(site)
    page.set_input_files("input", film)
    expect(page.get_by_role("status")).to_contain_text("33 % has arrived", timeout=PATIENCE_MS)
    page.reload()
    page.set_input_files("input", film)
    expect(page.get_by_role("status")).to_contain_text("Done.", timeout=PATIENCE_MS)
    assert _stored(page, stand) == film.read_bytes()
    opened = [entry for entry in stand.proxy.book.log() if entry["path"] == "/v1/uploads"]
    assert len(opened) == 1


@pytest.mark.slow
@pytest.mark.once
def test_the_page_says_what_is_not_taken(page: Page, site: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a film")
    page.goto(site)
    page.set_input_files("input", tmp_path / "notes.txt")
    expect(page.get_by_role("status")).to_contain_text("is not accepted", timeout=PATIENCE_MS)


@pytest.mark.slow
@pytest.mark.once
def test_another_page_may_not_send(stand: Stand, site: str) -> None:
    wanted = {"content_type": "video/mp4", "filename": "clip.mp4"}
    address = httpx.post(f"{site}/uploads", json=wanted, timeout=60, trust_env=False).json()["upload_url"]
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-range"}
    ours = httpx.options(address, headers={"Origin": site, **asked}, trust_env=False)
    theirs = httpx.options(address, headers={"Origin": "https://elsewhere.example", **asked}, trust_env=False)
    assert ours.headers["Access-Control-Allow-Origin"] == site
    assert "Content-Range" in ours.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in theirs.headers


def _break(stand: Stand, faults: list[dict[str, object]]) -> None:
    request = urllib.request.Request(f"{stand.proxy.faults_url}/faults", json.dumps(faults).encode(), method="POST")
    with urllib.request.urlopen(request):
        pass


def _stored(page: Page, stand: Stand) -> bytes:
    """The bytes that the platform holds of the file that the page tells of."""
    text = page.get_by_role("status").inner_text()
    source_url = text.rpartition(" ")[2]
    (stored,) = (
        path for path in files_below(stand.platform.home / "store") if path.name == source_url.rpartition("/")[2]
    )
    return stored.read_bytes()


@pytest.mark.parametrize("name", ["server.py", "upload.html"])
def test_the_guide_shows_the_programs_that_are_tested(name: str) -> None:
    blocks = re.findall(r"(?ms)^```[a-z]+\n(.*?)^```$", GUIDE.read_text("utf-8"))
    assert (PROGRAMS / name).read_text("utf-8") in blocks
