"""Starts the platform, uploads generated sources, renders a scene, checks the film, stops the platform.

With `--url` it renders on a platform that runs already, with the key of a workspace there.
"""

import argparse
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from examples.sources.__main__ import MAKERS, make_all
from scripts.client import ApiError, Client, Job
from scripts.demo.film import FilmWrong, check_film, write_contact_sheet
from scripts.demo.progress import ProgressBar
from scripts.live import PlatformError, running_platform
from scripts.processes import ROOT, end_on_signals

HOME = ROOT / "var" / "demo"
POLL_S = 1.0
"""Length of a long poll: the answer to each moves the progress bar."""
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Installation:
    """A platform that runs already, and the key of a workspace there."""

    url: str
    api_key: str


class DemoFailed(RuntimeError):
    """The film did not come out as it should."""


def main() -> int:
    """0 when the film is there and right; 1, with the end of the logs, when not; 130 on Ctrl-C."""
    options = _options()
    end_on_signals()
    started = time.monotonic()
    try:
        film, sheet = run(options.scene, options.home, _installation(options))
    except (DemoFailed, FilmWrong, PlatformError, ApiError, httpx.TransportError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    print(f"\nThe film           {_shown(film)}")
    print(f"Its contact sheet  {_shown(sheet)}")
    print(f"({time.monotonic() - started:.0f} s in all)")
    return 0


def run(scene_path: Path, home: Path, installation: Installation | None = None) -> tuple[Path, Path]:
    """Render one scene, through a platform of its own unless one is given; returns the film and its contact sheet."""
    scene = json.loads(scene_path.read_text("utf-8"))
    names = [name for name in MAKERS if name in source_names(scene)]
    step("Sources")
    make_all(home / "sources", names, lambda path: detail(f"made {path.name}"))
    if installation:
        return _render(installation, scene, names, home)
    step("Platform")
    shutil.rmtree(home / "platform", ignore_errors=True)
    with running_platform(home / "platform") as platform:
        detail(f"{platform.url} is ready")
        try:
            return _render(Installation(platform.url, platform.create_workspace()), scene, names, home)
        except (DemoFailed, FilmWrong, ApiError) as error:
            raise DemoFailed(f"{error}\n\nThe platform's last words:\n{platform.log_tail()}") from error


def _render(installation: Installation, scene: dict[str, Any], names: list[str], home: Path) -> tuple[Path, Path]:
    with Client(installation.url, installation.api_key) as client:
        step("Uploads")
        urls = {name: _upload(client, home / "sources" / name) for name in names}
        step("Render")
        job = _follow(client, client.submit(with_sources(scene, urls)))
        film = client.download(job["id"], home / scene.get("output_filename", "film.mp4"))
    facts = check_film(film, scene)
    detail(facts)
    return film, write_contact_sheet(film, film.with_suffix(".sheet.png"))


def _upload(client: Client, path: Path) -> str:
    """Large files go up in chunks, as they would over a bad line."""
    size_bytes = path.stat().st_size
    in_chunks = size_bytes > CHUNK_BYTES
    url = client.upload(path, chunk_bytes=CHUNK_BYTES if in_chunks else None)
    detail(f"{path.name}, {size_bytes / 1e6:.1f} MB{' in chunks' if in_chunks else ''}")
    return url


def _follow(client: Client, job: Job) -> Job:
    with ProgressBar() as bar:
        done = client.wait(job["id"], bar.show, poll_s=POLL_S)
    if done["status"] != "completed":
        raise DemoFailed(f"{done['id']} ended as {done['status']}: {done['error']}")
    for warning in done.get("warnings", []):
        detail(f"warning: {warning['code']}: {warning['message']}")
    return done


def source_names(node: Any) -> set[str]:
    """Every value of a field whose name ends in `_url`, anywhere in a scene."""
    if isinstance(node, list):
        return set().union(*map(source_names, node))
    if not isinstance(node, dict):
        return set()
    own = {value for key, value in node.items() if key.endswith("_url") and isinstance(value, str)}
    return own.union(*map(source_names, node.values()))


def with_sources(node: Any, urls: dict[str, str]) -> Any:
    """The scene with the names of example sources replaced by their URLs."""
    if isinstance(node, list):
        return [with_sources(item, urls) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: urls.get(value, value) if key.endswith("_url") and isinstance(value, str) else with_sources(value, urls)
        for key, value in node.items()
    }


def step(title: str) -> None:
    print(title, flush=True)


def detail(text: str) -> None:
    print(f"  {text}", flush=True)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render an example through the real API.")
    parser.add_argument("scene", nargs="?", type=Path, default=ROOT / "examples" / "hello.json")
    parser.add_argument("--home", type=Path, default=HOME, help="where the platform and the films live")
    parser.add_argument("--url", help="render on the platform that answers there, instead of one of our own")
    parser.add_argument("--key", default=os.environ.get("KEY"), help="with --url: an API key (default: $KEY)")
    options = parser.parse_args()
    if options.url and not options.key:
        parser.error("--url needs --key, or KEY in the environment")
    return options


def _installation(options: argparse.Namespace) -> Installation | None:
    return Installation(options.url.rstrip("/"), options.key) if options.url else None


if __name__ == "__main__":
    sys.exit(main())
