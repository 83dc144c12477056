"""The documentation is true: its check in Python holds, and so does its check in Node where there is one."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from apps.events.types import EVENT_TYPES
from apps.webhooks.schedule import RETRY_DELAYS_S
from apps.webhooks.signatures import new_secret, signature_headers
from framelane.lib import clock

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
NODE = str(Path(sys.executable).with_name("node"))
BODY = '{"id":"evt_1","type":"render.completed","text":"Ünïcode ✓"}'


def block(language: str, containing: str) -> str:
    (found,) = [code for code in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if containing in code]
    return str(found)


@pytest.fixture
def secret() -> str:
    return new_secret()


@pytest.fixture
def header(secret: str) -> str:
    return signature_headers([new_secret(), secret], "evt_1", BODY, clock.now())["Framelane-Signature"]


def test_the_check_in_python_holds(secret: str, header: str) -> None:
    names: dict[str, Any] = {}
    exec(block("python", "def is_ours"), names)
    is_ours = names["is_ours"]
    assert is_ours(secret, header, BODY.encode())
    assert not is_ours(new_secret(), header, BODY.encode())
    assert not is_ours(secret, header, BODY.encode() + b" ")
    assert not is_ours(secret, "", BODY.encode())
    old = header.replace(header[:12], f"t={int(time.time()) - 301}")
    assert not is_ours(secret, old, BODY.encode())


def test_the_check_in_node_is_the_same_formula() -> None:
    assert 'createHmac("sha256", secret).update(`${sentAt}.`).update(body)' in block("ts", "isOurs")


def test_the_check_in_node_holds(secret: str, header: str, tmp_path: Path) -> None:
    code = block("ts", "isOurs")
    cases = [[secret, header, BODY], [new_secret(), header, BODY], [secret, header, f"{BODY} "], [secret, "", BODY]]
    script = tmp_path / "check.mts"
    script.write_text(f"{code}\nconsole.log(JSON.stringify({json.dumps(cases)}.map((c) => isOurs(...c))));\n")
    done = subprocess.run(
        [NODE, "--experimental-strip-types", "--no-warnings", str(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    assert json.loads(done.stdout) == [True, False, False, False]


def test_every_type_is_named() -> None:
    assert {name for name in EVENT_TYPES if f"`{name}`" not in TEXT} == set()


def test_the_waits_are_the_real_ones() -> None:
    names = ("5 seconds", "30 seconds", "2 minutes", "10 minutes", "1 hour", "3 hours", "8 hours and 24 hours")
    assert ", ".join(names) in " ".join(TEXT.split())
    assert RETRY_DELAYS_S == (5, 30, 120, 600, 3600, 10_800, 28_800, 86_400)
