"""Every page is true: its blocks run, as one script a language, against a live platform."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.processes import ROOT
from scripts.sdks import PYTHON, TYPESCRIPT_SDK
from tests.docs.outcomes import OUTCOMES, films_are_whole
from tests.docs.pages import RUN, SHOWN, Page, pages, read, script
from tests.docs.stage import Done, Receiver, Stage, environment, furnish, own_address, perform, refusals

PAGES = pages()
FOLLOWED_ELSEWHERE = {"docs/agents/llms.md"}
"""Pages whose blocks are run one by one, as agents do: see test_agent_road.py."""
CASES = [
    pytest.param(page.path, language, id=f"{page.name}-{language}")
    for page in PAGES
    for language in RUN
    if page.of(language) and page.name not in FOLLOWED_ELSEWHERE
]
NODE = str(Path(sys.executable).with_name("node"))
"""The one that is installed with the project's requirements."""
NOT_RUN_AT_MOST = 25
COMPILER_OPTIONS = {
    "strict": True,
    "target": "es2022",
    "module": "nodenext",
    "moduleDetection": "force",
    "types": ["node"],
    "skipLibCheck": True,
    "allowImportingTsExtensions": True,
}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("path", "language"), CASES)
def test_the_blocks_of_a_page_run(
    path: Path, language: str, sdks: None, stage: Stage, receiver: Receiver, tmp_path: Path
) -> None:
    page = read(path)
    folder = furnish(tmp_path / "reader")
    text, address = own_address(script(page.of(language)), f"{page.name} {language}")
    env = environment(stage, folder, next(stage.keys), receiver.url)
    stage.proxy.book.forget()
    done = perform(command(language, text, folder, page), folder, env, stage.mailbox, address)
    if done.status != 0:
        pytest.fail(told(page, language, text, done), pytrace=False)
    unexpected = [entry for entry in refusals(stage) if not entry.endswith(page.expected_endings)]
    assert unexpected == [], (
        f"say <!-- answers: STATUS --> where the page shows these on purpose\n{done.output[-3000:]}"
    )
    films_are_whole(folder)
    if outcome := OUTCOMES.get((page.name, language)):
        outcome(done.output.splitlines(), folder)


def command(language: str, text: str, folder: Path, page: Page) -> list[str]:
    """How a script of a language is run; it is written into the folder as `page.<language>`."""
    name = folder / f"{page.path.stem}.{ {'sh': 'sh', 'python': 'py', 'ts': 'ts'}[language] }".replace(" ", "")
    if language == "sh":
        # The first line of a page is its title, so there is room for this without moving the others.
        text = re.sub(r"\A\n", "set -euo pipefail\n", text)
    name.write_text(text, "utf-8")
    if language == "ts":
        return typescript(name)
    return ["bash", str(name)] if language == "sh" else [str(PYTHON), str(name)]


def typescript(name: Path) -> list[str]:
    """As an ES module that finds the built SDK as a package."""
    link_sdk(name.parent)
    return [NODE, "--experimental-strip-types", "--no-warnings", str(name)]


def link_sdk(folder: Path) -> None:
    """Make a folder a package in which the SDK of this project is installed."""
    package = json.loads((TYPESCRIPT_SDK / "package.json").read_text("utf-8"))["name"]
    place = folder / "node_modules" / package
    place.parent.mkdir(parents=True)
    place.symlink_to(TYPESCRIPT_SDK)
    (folder / "package.json").write_text('{"type": "module"}')


def told(page: Page, language: str, text: str, done: Done) -> str:
    """What went wrong and where: scripts have the line numbers of their page."""
    numbers = {int(found) for found in re.findall(rf"{page.path.stem}\.\w+(?:: line |\", line |:)(\d+)", done.output)}
    lines = text.splitlines()
    shown = [f"{page.name}:{n}: {lines[n - 1]}" for n in sorted(numbers) if 0 < n <= len(lines)]
    head = f"the {language} blocks of {page.name} end with status {done.status}"
    return "\n".join([head, *shown, "--- output", done.output[-6000:]])


@pytest.mark.timeout(900)
def test_the_typescript_of_all_pages_has_its_types(sdks: None, tmp_path: Path) -> None:
    link_sdk(tmp_path)
    (tmp_path / "node_modules" / "@types").symlink_to(TYPESCRIPT_SDK / "node_modules" / "@types")
    for page in PAGES:
        if blocks := page.of("ts"):
            (tmp_path / f"{page.name.replace('/', '.')}.ts").write_text(script(blocks), "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER_OPTIONS}))
    compiler = [NODE, str(TYPESCRIPT_SDK / "node_modules" / "typescript" / "bin" / "tsc")]
    done = subprocess.run(
        [*compiler, "--noEmit", "-p", str(tmp_path)], capture_output=True, text=True, timeout=600, check=False
    )
    if done.stdout:
        pytest.fail(done.stdout, pytrace=False)


def test_every_block_says_what_it_is() -> None:
    unknown = [
        f"{block.place}: {block.language or 'no language'}"
        for page in PAGES
        for block in page.blocks
        if block.language not in (*RUN, *SHOWN)
    ]
    assert unknown == []


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    silent = [block for page in PAGES for block in page.blocks if block.not_run and block.language in (*RUN, "json")]
    whole = [page.name for page in PAGES if "<!-- no block of this page is run:" in page.text]
    single = [block.place for block in silent if str(block.page.relative_to(ROOT)) not in whole]
    assert len(single) <= NOT_RUN_AT_MOST, single
    assert all(len(block.not_run or "") > 10 for block in silent)
