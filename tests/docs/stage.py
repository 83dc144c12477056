"""What a reader has in front of them: a platform, a workspace, a folder with the samples, a mailbox, a receiver."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from scripts.live import Platform
from scripts.processes import ROOT, free_port
from scripts.sdks import PYTHON
from scripts.sdks import environment as sdks_environment
from tests.assemblyai_server import AssemblyAiServer
from tests.sdks.proxy import Proxy
from tests.sdks.stand import running_stand

SAMPLES = ROOT / "docs" / "samples"
SPOKEN = "One request becomes a finished film. Captions follow every word."
SETTINGS = {"FRAMELANE_SIGNUPS_PER_ADDRESS": "100000", "FRAMELANE_SIGNUPS_PER_CLIENT": "100000"}
"""All readers come from one address."""
IN_THE_CHECKOUT = (".venv", "manage.py", "examples", "scripts", "apps", "gpu_tasks")
"""What pages for those who run the platform themselves use of the folder that they stand in."""
YOURS = "you@example.com"
"""Where a page says this, readers put their own address: it is another one in each run."""
SCRIPT_TIMEOUT_S = 900.0
ANSWER_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Stage:
    """The platform of a test run behind a proxy that notes every request; `keys` are those of workspaces on the pro
    plan that nobody has used yet."""

    platform: Platform
    proxy: Proxy
    keys: Iterator[str]

    @property
    def mailbox(self) -> Path:
        return self.platform.home / "mail"


@dataclass(frozen=True, slots=True)
class Done:
    status: int
    output: str


@contextmanager
def open_stage(home: Path, settings: Mapping[str, str], workspaces: int) -> Iterator[Stage]:
    """A platform on which transcribe is enabled and webhooks may come to this machine."""
    with AssemblyAiServer(text=SPOKEN, polls=1) as speech:
        own = {**SETTINGS, "FRAMELANE_ASSEMBLYAI_BASE_URL": speech.url, **settings}
        with running_stand(home, own) as stand:
            yield Stage(stand.platform, stand.proxy, iter(_keys(stand.platform, workspaces)))


def _keys(platform: Platform, count: int) -> list[str]:
    code = (
        "from django.core.management import call_command as call\n"
        f"for n in range({count}):\n"
        "    call('create_workspace', name='Reader', email=f'reader-{n}@example.org', plan='pro')\n"
    )
    return platform.manage("shell", "--no-imports", "-c", code).split()


def furnish(folder: Path) -> Path:
    """A working directory with the sample files, in which the commands of a checkout work as well."""
    folder.mkdir(parents=True)
    for sample in SAMPLES.iterdir():
        shutil.copy(sample, folder)
    for name in IN_THE_CHECKOUT:
        (folder / name).symlink_to(ROOT / name)
    return folder


def environment(stage: Stage, folder: Path, key: str, hook_url: str) -> dict[str, str]:
    """What scripts of pages find in their environment."""
    return {
        **stage.platform.env,
        "PATH": f"{PYTHON.parent}{os.pathsep}{sdks_environment()['PATH']}",
        "API": stage.proxy.url,
        "FRAMELANE_BASE_URL": stage.proxy.url,
        "FRAMELANE_API_KEY": key,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "RECEIVER_PORT": str(free_port()),
        "HOOK_URL": hook_url,
        "NO_COLOR": "1",
    }


def perform(command: list[str], folder: Path, env: Mapping[str, str], mailbox: Path, address: str) -> Done:
    """Run a script; the codes that are mailed to `address` meanwhile are typed in, as their reader would."""
    with (folder / "output.log").open("w+b") as output:
        child = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + SCRIPT_TIMEOUT_S
        typed: set[Path] = set()
        try:
            while child.poll() is None and time.monotonic() < deadline:
                _type_codes(child, mailbox, address, typed)
                time.sleep(0.05)
        finally:
            if late := child.poll() is None:
                child.kill()
            child.wait()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return Done(child.returncode, text + (f"\n(ended after {SCRIPT_TIMEOUT_S:.0f} s)" if late else ""))


def _type_codes(child: subprocess.Popen[bytes], mailbox: Path, address: str, typed: set[Path]) -> None:
    for mail, code in codes_for(mailbox, address).items():
        if mail not in typed and child.stdin is not None:
            typed.add(mail)
            with contextlib.suppress(BrokenPipeError):  # the script has ended meanwhile, without asking
                child.stdin.write(f"{code}\n".encode())
                child.stdin.flush()


def refusals(stage: Stage) -> list[str]:
    """The requests since the book was last emptied that were answered by an error, as `METHOD path: status`.

    The platform's workers may still be fetching for jobs that a page has not waited for: their answers are awaited.
    """
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    while any(entry["status"] is None for entry in stage.proxy.book.log()) and time.monotonic() < deadline:
        time.sleep(0.1)
    entries = stage.proxy.book.log()
    return [f"{e['method']} {e['path']}: {e['status']}" for e in entries if e["status"] is None or e["status"] >= 400]


def codes_for(mailbox: Path, address: str) -> dict[Path, str]:
    """The six digits in each mail to an address."""
    found = {}
    for mail in sorted(mailbox.glob("*")):
        text = mail.read_text("utf-8", "replace")
        code = re.search(r"(?m)^ +([0-9]{6})$", text)
        if code and re.search(rf"(?m)^To: .*{re.escape(address)}", text):
            found[mail] = code[1]
    return found


def own_address(text: str, name: str) -> tuple[str, str]:
    """A script in which the reader's address is one that nobody has used, and that address."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    address = f"you-{slug}@example.com"
    return text.replace(YOURS, address), address


class Receiver:
    """Takes every webhook, and keeps its body and headers in a folder."""

    def __init__(self) -> None:
        self.kept: list[tuple[dict[str, str], bytes]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def events(self) -> list[str]:
        return [str(json.loads(body)["type"]) for _, body in self.kept]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.kept.append((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
