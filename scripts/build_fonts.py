"""Build gpu_tasks/fonts and gpu_tasks/timeline/fonts.json from the sources that font_set.toml names.

    python -m scripts.build_fonts [--cache DIR]

Needs npm, apt-get and dpkg on the path, and fonttools with brotli and zopfli; takes a quarter of an hour. Every font is
written as WOFF (zlib inside), which `gpu_tasks.media.fonts` unpacks without a library; no file is larger than 1 MB.
"""

import argparse
import json
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont, sfnt

from scripts import font_charsets as charsets

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "gpu_tasks" / "fonts"
PUBLIC_LIST = ROOT / "gpu_tasks" / "timeline" / "fonts.json"
MAX_FILE_BYTES = 1_000_000
SIMPLIFIED_FACE, TRADITIONAL_FACE = 2, 3  # order inside Noto Sans CJK's collections
# Default emoji are wider than tall letters; at this share of the font size they sit in a line like capitals.
EMOJI_SIZE_ADJUST = 0.9

Slice = dict[str, Any]


def npm_package(spec: str, cache: Path) -> Path:
    """Folder of the unpacked npm package `name@version`."""
    folder = cache / spec.replace("/", "_")
    if not folder.exists():
        packed = subprocess.run(
            ["npm", "pack", "--silent", spec], cwd=cache, check=True, capture_output=True, text=True, timeout=300
        )
        with tarfile.open(cache / packed.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def debian_package(name: str, cache: Path) -> Path:
    """Folder of the unpacked Debian package."""
    folder = cache / name
    if not folder.exists():
        subprocess.run(["apt-get", "download", name], cwd=cache, check=True, timeout=600)
        archive = next(cache.glob(f"{name}_*.deb"))
        subprocess.run(["dpkg", "-x", str(archive), str(folder)], check=True, timeout=300)
    return folder


def save_woff(font: TTFont, name: str) -> str:
    """Write the font as WOFF and return its file name; SystemExit when it is over the limit."""
    font.flavor = "woff"
    path = FONTS / f"{name}.woff"
    font.save(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes; split it, the limit is {MAX_FILE_BYTES}")
    return path.name


def open_font(path: Path, number: int = -1) -> TTFont:
    """Open without touching bounding boxes or dates, so that a conversion changes the container alone."""
    return TTFont(path, fontNumber=number, recalcBBoxes=False, recalcTimestamp=False, lazy=True)


def subset_font(font: TTFont, points: Iterable[int], features: Sequence[str]) -> TTFont:
    options = subset.Options(hinting=False, layout_features=list(features), notdef_outline=True, name_IDs=[0, 1, 2, 5])
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(points))
    cutter.subset(font)
    return font


def write_licence(package: Path, slug: str) -> str:
    """Copy the licence beside the fonts; returns its short name."""
    metadata = json.loads((package / "metadata.json").read_text("utf-8"))
    shutil.copy(package / "LICENSE", FONTS / f"LICENSE-{slug}.txt")
    return str(metadata["license"]["type"])


def face_entry(file: str, weights: Sequence[int], style: str) -> dict[str, Any]:
    return {"file": file, "weights": list(weights), "style": style}


def weights_of(font: TTFont) -> list[int]:
    axis = next((axis for axis in font["fvar"].axes if axis.axisTag == "wght"), None) if "fvar" in font else None
    return [int(axis.minValue), int(axis.maxValue)] if axis else [font["OS/2"].usWeightClass] * 2


def packaged_slice(package: Path, slug: str, name: str, styles: Sequence[str], weights: Sequence[int]) -> Slice:
    """One prepared subset of a family in all its weights and styles."""
    faces, covered = [], None
    for style in styles:
        for weight in [str(weight) for weight in weights] or ["wght"]:
            font = open_font(package / "files" / f"{slug}-{name}-{weight}-{style}.woff2")
            span = [int(weight)] * 2 if weights else weights_of(font)
            faces.append(face_entry(save_woff(font, f"{slug}-{name}-{weight}-{style}"), span, style))
            points = set(font.getBestCmap())
            covered = points if covered is None else covered & points
    return {"codepoints": charsets.format_ranges(covered or ()), "faces": faces}


def family(entry: dict[str, Any], cache: Path) -> dict[str, Any]:
    package = npm_package(entry["package"], cache)
    slug = entry["package"].split("/")[1].split("@")[0]
    weights = entry.get("static_weights", [])
    slices = [packaged_slice(package, slug, name, entry["styles"], weights) for name in entry["subsets"]]
    return {
        "family": entry["name"],
        "category": entry["category"],
        "licence": write_licence(package, slug),
        "licence_file": f"LICENSE-{slug}.txt",
        "scripts": [name for name in entry["subsets"] if not name.endswith("-ext")],
        "slices": slices,
    }


def script_family(script: str, cache: Path) -> dict[str, Any]:
    return family(
        {
            "name": f"Noto Sans {script.title()}",
            "category": "fallback",
            "package": f"@fontsource-variable/noto-sans-{script}@5.3.0",
            "subsets": [script],
            "styles": ["normal"],
        },
        cache,
    )


def symbol_family(entry: dict[str, Any], cache: Path) -> dict[str, Any]:
    package = npm_package(entry["package"], cache)
    slug = entry["package"].split("/")[1].split("@")[0]
    font = subset_font(open_font(package / "files" / entry["file"]), charsets.parse_ranges(entry["codepoints"]), ["*"])
    points = set(font.getBestCmap())
    return {
        "family": entry["name"],
        "category": "fallback",
        "licence": write_licence(package, slug),
        "licence_file": f"LICENSE-{slug}.txt",
        "scripts": ["symbols"],
        "slices": [
            {
                "codepoints": charsets.format_ranges(points),
                "faces": [face_entry(save_woff(font, slug), weights_of(font), "normal")],
            }
        ],
    }


def cjk_parts() -> list[tuple[str, int, set[int]]]:
    """(name, face inside the collection, code points) of each CJK file."""
    common = charsets.gb2312_level_1() | charsets.jis_level_1()
    traditional = charsets.big5_level_1() - common
    han = sorted(common)
    thirds = [set(han[len(han) * part // 3 : len(han) * (part + 1) // 3]) for part in range(3)]
    return [
        ("kana", SIMPLIFIED_FACE, set(charsets.CJK_COMMON)),
        *((f"han-{part}", SIMPLIFIED_FACE, points) for part, points in enumerate(thirds)),
        ("traditional", TRADITIONAL_FACE, traditional),
        ("hangul", SIMPLIFIED_FACE, charsets.ksx1001_hangul()),
    ]


def cjk_slice(name: str, number: int, points: set[int], collections: dict[int, Path]) -> Slice:
    faces, covered = [], points
    traditional = name == "traditional"
    # Half a megabyte for the bold of rarer characters is too much; they are emboldened while drawing.
    for weight, path in list(collections.items())[: 1 if traditional else None]:
        # `locl` keeps the Japanese, Korean and Chinese shapes of one character; a traditional-only one needs no other.
        font = subset_font(open_font(path, number), points, ["ccmp"] if traditional else ["ccmp", "locl"])
        covered = covered & set(font.getBestCmap())
        faces.append(face_entry(save_woff(font, f"noto-sans-cjk-{name}-{weight}"), [weight, weight], "normal"))
    return {"codepoints": charsets.format_ranges(covered), "faces": faces}


def cjk_family(entry: dict[str, Any], cache: Path) -> dict[str, Any]:
    folder = debian_package(entry["debian_package"], cache)
    collections = {int(weight): next(folder.rglob(name)) for weight, name in entry["files"].items()}
    shutil.copy(next(folder.rglob("copyright")), FONTS / "LICENSE-noto-sans-cjk.txt")
    return {
        "family": "Noto Sans CJK",
        "category": "fallback",
        "licence": "OFL-1.1",
        "licence_file": "LICENSE-noto-sans-cjk.txt",
        "scripts": ["chinese-simplified", "chinese-traditional", "japanese", "korean"],
        "slices": [cjk_slice(*part, collections) for part in cjk_parts()],
    }


def ligature_tables(font: TTFont) -> Iterable[dict[str, Any]]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        yield from (table.ligatures for table in lookup.SubTable if table.LookupType == 4)


def emoji_sequences(font: TTFont) -> dict[int, set[int]]:
    """First code point of every emoji sequence → all further code points of its sequences."""
    code_of = {glyph: code for code, glyph in font.getBestCmap().items()}
    sequences: dict[int, set[int]] = {}
    for ligatures in ligature_tables(font):
        for first, entries in ligatures.items():
            rest = sequences.setdefault(code_of[first], set())
            rest.update(code_of[glyph] for ligature in entries for glyph in ligature.Component)
    return sequences


def emoji_parts(font: TTFont) -> list[tuple[str, set[int]]]:
    """Emoji by the first code point of their sequences, in files of similar size."""
    regional = range(0x1F1E6, 0x1F200)
    starters = set(emoji_sequences(font)) - set(regional)
    single = sorted(set(font.getBestCmap()) - starters - set(regional))
    half = len(single) // 2
    return [
        ("flags-a-l", set(regional[:12])),
        ("flags-m-z", set(regional[12:])),
        ("sequences", starters),
        ("single-0", set(single[:half])),
        ("single-1", set(single[half:])),
    ]


def emoji_slice(source: Path, name: str, owned: set[int]) -> Slice:
    font = open_font(source)
    sequences = emoji_sequences(font)
    names = font.getBestCmap()
    for ligatures in ligature_tables(font):
        for first in [first for first in ligatures if first not in {names[code] for code in owned}]:
            del ligatures[first]
    followers = {code for first in owned for code in sequences.get(first, ())}
    font = subset_font(font, owned | followers, ["*"])
    face = face_entry(save_woff(font, f"noto-color-emoji-{name}"), [400, 400], "normal")
    return {"codepoints": charsets.format_ranges(owned), "faces": [face]}


def emoji_family(entry: dict[str, Any], cache: Path) -> dict[str, Any]:
    package = npm_package(entry["package"], cache)
    source = cache / "noto-color-emoji-colr.ttf"
    font = open_font(package / "files" / entry["file"])
    del font["SVG "]  # the same pictures once more, for browsers
    font.flavor = None
    font.save(source)
    return {
        "family": "Noto Color Emoji",
        "category": "emoji",
        "licence": write_licence(package, "noto-color-emoji"),
        "licence_file": "LICENSE-noto-color-emoji.txt",
        "scripts": ["emoji"],
        "size_adjust": EMOJI_SIZE_ADJUST,
        "slices": [emoji_slice(source, *part) for part in emoji_parts(open_font(source))],
    }


def public_entry(built: dict[str, Any]) -> dict[str, Any]:
    """What clients see of a family."""
    faces = [face for part in built["slices"] for face in part["faces"]]
    return {
        "family": built["family"],
        "category": built["category"],
        "styles": sorted({face["style"] for face in faces}, reverse=True),
        "weights": sorted(
            {weight for face in faces for weight in range(face["weights"][0], face["weights"][1] + 1, 100)}
        ),
        "licence": built["licence"],
        "scripts": built["scripts"],
    }


def build(cache: Path) -> None:
    font_set = tomllib.loads((Path(__file__).parent / "font_set.toml").read_text("utf-8"))
    for stale in [*FONTS.glob("*.woff"), *FONTS.glob("LICENSE-*")]:
        stale.unlink()
    built = [family(entry, cache) for entry in font_set["family"]]
    built += [script_family(entry["script"], cache) for entry in font_set["fallback"]]
    built += [symbol_family(entry, cache) for entry in font_set["symbols"]]
    built.append(cjk_family(font_set["cjk"], cache))
    built.append(emoji_family(font_set["emoji"], cache))
    (FONTS / "index.json").write_text(json.dumps({"families": built}, indent=1) + "\n", "utf-8")
    PUBLIC_LIST.write_text(json.dumps([public_entry(entry) for entry in built], indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "font-sources", help="keeps what was downloaded")
    cache = parser.parse_args().cache
    cache.mkdir(parents=True, exist_ok=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    sfnt.USE_ZOPFLI = True  # a twentieth smaller, read by the same zlib
    build(cache)


if __name__ == "__main__":
    main()
