"""Paints the sources, renders every sheet and every entry alone, and writes the index: `make gallery`."""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from scripts.gallery.index import write_index
from scripts.gallery.press import prepare, print_sheet
from scripts.gallery.sheets import all_sheets
from scripts.gallery.singles import all_singles
from scripts.gallery.singles.curves import draw_curves
from scripts.gallery.singles.cutter import cut
from scripts.processes import ROOT

MAX_BYTES = 1_000_000


def main() -> int:
    """0 when every sheet is there and small enough, else 1."""
    options = _options()
    started = time.monotonic()
    sheets = all_sheets()
    chosen = [sheet for sheet in sheets if not options.names or sheet.file in options.names]
    singles = [
        single
        for single in all_singles()
        if not options.names or {single.folder, f"{single.folder}/{single.name}"} & {*options.names}
    ]
    prepare(options.work)
    options.out.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=context) as pool:
        sizes = list(pool.map(partial(print_sheet, options.work, options.out), chosen))
        singles_bytes = sum(pool.map(partial(cut, options.work, options.out), singles, chunksize=4))
    draw_curves(options.out)
    write_index(sheets, options.out)
    print(f"{len(sizes)} sheets, {sum(sizes) / 1e6:.1f} MB, in {options.out} ({time.monotonic() - started:.0f} s)")
    print(f"{len(singles)} entries alone, {singles_bytes / 1e6:.1f} MB")
    large = [sheet.file for sheet, size_bytes in zip(chosen, sizes, strict=True) if size_bytes > MAX_BYTES]
    if large:
        print(f"larger than {MAX_BYTES / 1e6} MB: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render the gallery of the catalogue.")
    parser.add_argument(
        "names", nargs="*", help="names of sheets, of folders or of entries in them (effects/snow); all by default"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "gallery", help="where the sheets go")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "gallery", help="where sources and tiles go")
    parser.add_argument("--processes", type=int, default=2, help="sheets or entries rendered at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
