"""One Celery worker per GPU, each seeing only its own card: the `worker-gpu` line of the Procfile."""

import os
import shutil
import subprocess
import sys

from scripts.processes import end_on_signals
from scripts.supervisor import Supervisor

QUEUES = "task.super_resolution,task.background_removal,task.gaze,task.transcribe,render,preview"
NO_GPU = """No NVIDIA GPU found: `nvidia-smi --list-gpus` {reason}.
Renders need none; start worker-cpu instead (make serve does)."""


def main() -> int:
    """Supervise the workers until asked to end; 1 with a message when this machine has no GPU."""
    gpus, reason = gpu_ids()
    if not gpus:
        print(NO_GPU.format(reason=reason), file=sys.stderr)
        return 1
    end_on_signals()
    supervisor = Supervisor({f"gpu-{gpu}": worker_command(gpu) for gpu in gpus}, os.environ)
    try:
        supervisor.run()
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        supervisor.stop()
    return 0


def gpu_ids() -> tuple[list[str], str]:
    """Ids of the usable GPUs (CUDA_VISIBLE_DEVICES narrows them), and why there is none."""
    if shutil.which("nvidia-smi") is None:
        return [], "is not installed"
    listing = subprocess.run(["nvidia-smi", "--list-gpus"], capture_output=True, text=True, timeout=60, check=False)
    if listing.returncode != 0:
        return [], f"ended with status {listing.returncode}: {(listing.stderr or listing.stdout).strip()}"
    found = [str(index) for index, line in enumerate(listing.stdout.splitlines()) if line.startswith("GPU ")]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    wanted = found if visible is None else [gpu.strip() for gpu in visible.split(",") if gpu.strip()]
    return wanted if found else [], "lists no card"


def worker_command(gpu: str) -> str:
    """The shell command of the worker that owns one GPU: one job at a time, CUDA initialised in the child only."""
    return (
        f"env CUDA_VISIBLE_DEVICES={gpu} celery -A framelane worker --include gpu_tasks.worker"
        f" --hostname gpu{gpu}@%h --queues {QUEUES}"
        " --pool prefork --concurrency 1 --prefetch-multiplier 1 -O fair --without-gossip --without-mingle"
    )


if __name__ == "__main__":
    sys.exit(main())
