"""Draws the pictures and trains a network: `python -m scripts.train_super_resolution --scale 2 --variant clean`."""

import argparse
import os
from pathlib import Path

import cv2
import torch

from gpu_tasks.models.super_resolution.network import Shape
from scripts.processes import ROOT
from scripts.train_super_resolution.dataset import drawn_pool, make_pairs
from scripts.train_super_resolution.train import Settings, Training

HOME = ROOT / "var" / "training"
_CHECK_PICTURES = 24
_CHECK_SIDE_PX = 192


def main() -> None:
    """Train one network on one thread, from where a stopped run left it, and print how it does."""
    options = _options()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    pool = drawn_pool(options.home / "pool.npy", options.pictures, len(os.sched_getaffinity(0)))
    if options.draw_only:
        return
    shape = Shape(options.scale, options.features, options.depth)
    training = Training(Settings(shape, options.variant, options.minutes, rate=options.rate), options.home)
    if not training.resume() and options.start_from:
        training.start_from(options.start_from)
    # The last pictures are never trained on: the gain that is printed is on pictures that the network has not seen.
    pairs = make_pairs(pool[:-_CHECK_PICTURES], options.scale, options.variant, seed=0)
    checks = make_pairs(pool[-_CHECK_PICTURES:], options.scale, options.variant, seed=1)
    training.run(pairs, checks.whole(_CHECK_SIDE_PX))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.train_super_resolution", description=__doc__)
    parser.add_argument("--scale", type=int, choices=(2, 4), required=True)
    parser.add_argument("--variant", choices=("clean", "robust"), required=True)
    parser.add_argument("--minutes", type=float, default=22, help="what the whole training may take")
    parser.add_argument("--start-from", type=Path, help="a safetensors file with weights of the same shape")
    parser.add_argument("--rate", type=float, default=2e-3, help="the largest learning rate")
    parser.add_argument("--features", type=int, default=32)
    parser.add_argument("--depth", type=int, default=8)
    parser.add_argument("--pictures", type=int, default=1200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--draw-only", action="store_true", help="make the pool of pictures and stop")
    parser.add_argument("--home", type=Path, default=HOME, help="where pictures and states are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
