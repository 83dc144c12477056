"""The guide can be followed by a machine, and nginx's configuration fits the web's."""

import re
import subprocess

import pytest

from deploy.rehearsal.__main__ import CHECKS, LABORATORY, SECTIONS
from deploy.rehearsal.guide import GuideError, blocks, script, section, with_values
from scripts.processes import ROOT
from tests.deploy.files import DEPLOY, OPERATIONS, PROCESSES, seconds

GUIDE = (OPERATIONS / "one-machine.md").read_text("utf-8")
BACKUPS = (OPERATIONS / "backup-and-restore.md").read_text("utf-8")
NGINX = (DEPLOY / "nginx" / "framelane.conf").read_text("utf-8")
LONGEST_POLL_S = 25


def is_bash(text: str) -> bool:
    return subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0


def test_every_block_is_a_script() -> None:
    found = list(blocks(GUIDE))
    assert len(found) > 10
    assert [block.heading for block in found if not is_bash(block.code)] == []


def test_the_rehearsal_runs_what_the_reader_runs() -> None:
    followed = script(GUIDE, LABORATORY)
    assert is_bash(followed)
    for block in list(blocks(GUIDE))[1:]:
        assert (block.code in followed) is (block.rehearsed == block.code)
    left_out = {block.heading for block in blocks(GUIDE) if block.rehearsed is None}
    assert left_out == {"11. TLS", "12. Firewall"}
    assert "'asks a certificate authority on the Internet'" in followed


def test_the_readers_values_take_the_place_of_those_of_the_guide() -> None:
    first = next(blocks(GUIDE)).code
    assert LABORATORY.keys() <= set(re.findall(r"^([A-Z_]+)=", first, re.MULTILINE))
    assert "DOMAIN='films.lan'" in with_values(first, {"DOMAIN": "films.lan"})
    with pytest.raises(GuideError, match="'COLOUR'"):
        with_values(first, {"COLOUR": "red"})


def test_a_note_belongs_to_the_block_below_it() -> None:
    text = "## One\n<!-- not rehearsed: far away -->\n```sh\na\n```\n\n## Two\n```sh\nb\n```\n"
    text += "<!-- rehearsed with: d -->\n```sh\nc\n```\n"
    assert [(block.heading, block.code, block.rehearsed) for block in blocks(text)] == [
        ("One", "a\n", None),
        ("Two", "b\n", "b\n"),
        ("Two", "c\n", "d\n"),
    ]


@pytest.mark.parametrize("heading", SECTIONS.values())
def test_parts_of_the_page_on_backups_are_scripts(heading: str) -> None:
    followed = script(section(BACKUPS, heading), {})
    assert is_bash(followed)
    assert "framelane" in followed


def test_a_section_that_is_not_there_is_named() -> None:
    with pytest.raises(GuideError, match="'Elsewhere'"):
        section(BACKUPS, "Elsewhere")


@pytest.mark.parametrize("name", CHECKS)
def test_what_follows_the_guide_is_a_script(name: str) -> None:
    assert is_bash((DEPLOY / "rehearsal" / f"{name}.sh").read_text("utf-8"))


def directive(name: str) -> str:
    match = re.search(rf"^\s+{name} (.+);$", NGINX, re.MULTILINE)
    assert match, name
    return match[1]


def test_nginx_waits_longer_than_the_web_works() -> None:
    assert seconds(directive("proxy_read_timeout")) > LONGEST_POLL_S
    keep_alive = re.search(r"--keep-alive (\d+)", PROCESSES["web"])
    assert keep_alive
    assert seconds(directive("keepalive_timeout")) < int(keep_alive[1]), "the web must not be the one that closes"


def test_nginx_passes_on_what_the_web_refuses_itself() -> None:
    limit = re.search(r"--limit-request-line (\d+)", PROCESSES["web"])
    count_and_size = re.fullmatch(r"\d+ (\d+)k", directive("large_client_header_buffers"))
    assert limit
    assert count_and_size
    assert int(count_and_size[1]) * 1024 > int(limit[1])
    assert directive("client_max_body_size") == "0"
    assert directive("proxy_request_buffering") == "off"


def test_nginx_adds_headers_only_to_its_own_answer() -> None:
    served, _, unavailable = NGINX.partition("location @unavailable")
    assert "add_header" not in re.sub(r"#.*", "", served)
    assert "add_header Retry-After 5 always;" in unavailable


def test_the_guide_listens_where_nginx_asks() -> None:
    socket = (DEPLOY / "systemd" / "framelane-web.socket").read_text("utf-8")
    listened = re.search(r"^ListenStream=(.+)$", socket, re.MULTILINE)
    asked = re.search(r"server (127\.0\.0\.1:\d+);", NGINX)
    assert listened
    assert asked
    assert listened[1] == asked[1]
    assert f"http://{asked[1]}/readyz" in GUIDE


def test_paths_of_the_program_that_the_guide_names_exist() -> None:
    named = [name for block in blocks(GUIDE) for name in re.findall(r"\bdeploy/[\w./-]+\w", block.code)]
    assert len(named) >= 3
    assert [name for name in named if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}*"))] == []
