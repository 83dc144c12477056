"""Runs the platform on this machine: `python -m scripts.serve [--port 8000] [--host 127.0.0.1]`.

Migrates the database, collects the static files, then keeps the web, the workers and the clock running until Ctrl-C or
SIGTERM. All state lies in FRAMELANE_HOME (default `var/`). `--processes web beat` runs these alone.
"""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

from scripts.processes import ROOT, end_on_signals, is_listening, spawn, stop
from scripts.supervisor import Supervisor, procfile_commands

PROCESSES = ("web", "worker-cpu", "worker-io", "worker-webhooks", "worker-ingest", "beat")


def main() -> int:
    """Serve until asked to end; 0 then, 1 when the platform cannot start."""
    options = _options()
    if reason := port_problem(options.host, options.port):
        print(reason, file=sys.stderr)
        return 1
    end_on_signals()
    env = platform_env(options.host, options.port, os.environ)
    try:
        prepare(env)
        _supervise(env, options.host, options.port, tuple(options.processes))
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd))} ended with status {error.returncode}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, SystemExit):
        return 0
    return 0


def port_problem(host: str, port: int) -> str:
    """Why the web cannot listen there, as a sentence for the user; empty when it can."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((host, port), family=family):
            return ""
    except OverflowError:
        return f"{port} is not a port; choose one from 1 to 65535"
    except OSError as error:
        return f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: make serve PORT={port + 1}"


def platform_env(host: str, port: int, base: dict[str, str] | os._Environ[str]) -> dict[str, str]:
    """The environment of the platform's processes: FRAMELANE_HOME absolute and made, our interpreter first on PATH."""
    home = (ROOT / base.get("FRAMELANE_HOME", "var")).resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shown_host = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    defaults = {"FRAMELANE_PUBLIC_URL": f"http://{shown_host}:{port}"}
    fixed = {
        "FRAMELANE_HOME": str(home),
        "HOST": host,
        "PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **base, **fixed}


def prepare(env: dict[str, str]) -> None:
    """Bring the database and the static files up to date. Raises CalledProcessError."""
    command = [sys.executable, "-m", "scripts.prepare"]
    child = spawn(command, env=env)
    try:
        status = child.wait()
    finally:
        stop(child)
    if status != 0:
        raise subprocess.CalledProcessError(status, command)


def _supervise(env: dict[str, str], host: str, port: int, processes: tuple[str, ...]) -> None:
    supervisor = Supervisor(procfile_commands(processes), env)
    waiting_for_web = True

    def announce() -> None:
        nonlocal waiting_for_web
        if waiting_for_web and is_listening(host or "127.0.0.1", port):
            waiting_for_web = False
            print(_welcome(env), flush=True)

    try:
        supervisor.run(on_tick=announce)
    finally:
        print("Stopping …", flush=True)
        supervisor.stop()


def _welcome(env: dict[str, str]) -> str:
    home = os.path.relpath(env["FRAMELANE_HOME"], ROOT)
    prefix = "" if home == "var" else f"FRAMELANE_HOME={home} "
    return f"""
    Framelane serves at {env["FRAMELANE_PUBLIC_URL"]}   (state in {home}/, Ctrl-C ends it)

    Make a workspace and its API key:
        {prefix}.venv/bin/python manage.py create_workspace --name Studio --email you@example.com --plan pro
"""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the platform on this machine.")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port to listen on")
    parser.add_argument("--processes", nargs="+", choices=(*PROCESSES, "flower"), default=PROCESSES, help="what to run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
