"""Colour tables: what good files mean, and that bad ones are refused with their line."""

import io
from pathlib import Path

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import cube as cube_module
from gpu_tasks.media.allow import open_media
from gpu_tasks.media.cube import Cube, parse_cube, read_cube
from gpu_tasks.media.probe import probe
from tests.media.cubes import curves, grid, make_cube, teal_and_orange, text_of

TINY = text_of(grid(2))


def parsed(text: str | bytes) -> Cube:
    return parse_cube(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def parsed_or_none(text: bytes) -> Cube | None:
    try:
        return parsed(text)
    except JobFailed:
        return None


def refusal(text: str | bytes) -> str:
    with pytest.raises(JobFailed) as caught:
        parsed(text)
    assert caught.value.code == "invalid_source"
    return caught.value.message


def test_red_changes_fastest_in_the_file() -> None:
    values = teal_and_orange(3)
    assert np.allclose(parsed(text_of(values)).values, values, atol=1e-6)
    assert parsed("LUT_3D_SIZE 2\n0 0 0\n.9 0 0\n" + "1 1 1\n" * 6).values[1, 0, 0].tolist() == pytest.approx(
        [0.9, 0, 0]
    )


def test_each_column_of_a_1d_table_is_a_channel() -> None:
    cube = parsed(text_of(curves(5)))
    assert not cube.is_3d
    assert cube.size == 5
    assert np.allclose(cube.values, curves(5), atol=1e-6)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_ending_comments_blanks_and_tabs_are_understood(line_end: str) -> None:
    header = (
        "\ufeff# made by hand",
        "",
        'TITLE "Blue hour – 2"',
        "DOMAIN_MIN\t-0.5 0 0",
        "  DOMAIN_MAX 1 2.0 1e0 ",
        "#x",
    )
    cube = parsed(text_of(grid(2), *header, line_end=line_end) + f"# the end{line_end}")
    assert cube.title == "Blue hour – 2"
    assert (cube.domain_min, cube.domain_max) == ((-0.5, 0, 0), (1, 2, 1))
    assert np.array_equal(cube.values, grid(2))


def test_comments_may_stand_between_the_numbers() -> None:
    assert parsed("LUT_1D_SIZE 2\n0 0 0\n# half way\n\n1 1 1").values.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_the_input_range_of_resolve_is_a_domain() -> None:
    cube = parsed("LUT_3D_INPUT_RANGE -0.1 1.1\n" + TINY)
    assert (cube.domain_min[2], cube.domain_max[0]) == (-0.1, 1.1)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (TINY.replace("1.000000 1.000000 1.000000", "1 1"), 9, "three numbers"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 1 1 1"), 9, "three numbers"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 nan 1"), 9, "'nan' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "inf 1 1"), 9, "'inf' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 1 1e39"), 9, "'1e39' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 1 -70000"), 9, "within ±65504"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 1 1_0"), 9, "'1_0' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "1 1 ١"), 9, "is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "1,0 1,0 1,0"), 9, "'1,0' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "one 1 1"), 9, "'one' is not a number"),
        (TINY.replace("1.000000 1.000000 1.000000", "0x1 1 1"), 9, "'0x1' is not a number"),
        (TINY + "1 1 1\n", 10, "one more than the 8"),
        (TINY + "TITLE late\n", 10, "one more than the 8"),
        ("LUT_3D_SIZE 1\n0 0 0\n", 1, "from 2 to 129"),
        ("LUT_3D_SIZE 130\n0 0 0\n", 1, "from 2 to 129"),
        ("LUT_3D_SIZE 99999999999999\n", 1, "from 2 to 129"),
        ("LUT_3D_SIZE -2\n", 1, "from 2 to 129"),
        ("LUT_3D_SIZE 2.5\n", 1, "from 2 to 129"),
        ("LUT_3D_SIZE\n", 1, "from 2 to 129"),
        ("LUT_1D_SIZE 65537\n0 0 0\n", 1, "from 2 to 65536"),
        ("LUT_3D_SIZE 2\nLUT_3D_SIZE 2\n", 2, "given twice"),
        ("LUT_1D_SIZE 2\nLUT_3D_SIZE 2\n", 2, "1D and a 3D table"),
        ("DOMAIN_MIN 0 0\n" + TINY, 1, "three numbers"),
        ("DOMAIN_MAX 1 1 nan\n" + TINY, 1, "'nan' is not a number"),
        ("LUT_3D_INPUT_RANGE 0\n" + TINY, 1, "two numbers"),
        ("LUT_3D_MESH 2\n" + TINY, 1, "unknown keyword 'LUT_3D_MESH'"),
        ("import os\n" + TINY, 1, "unknown keyword 'import'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, what: str) -> None:
    message = refusal(text)
    assert f"line {line}: " in message
    assert what in message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no LUT_1D_SIZE or LUT_3D_SIZE"),
        ("# nothing\n", "no LUT_1D_SIZE or LUT_3D_SIZE"),
        ("0 0 0\n" * 8, "no LUT_1D_SIZE or LUT_3D_SIZE"),
        ("LUT_3D_SIZE 129\n", "announces 2146689 lines of numbers, there are 0"),
        ("LUT_3D_SIZE 2\n" + "0 0 0\n" * 7, "there are 7"),
        ("DOMAIN_MIN 1 0 0\n" + TINY, "domain is empty"),
        ("DOMAIN_MIN 0 0 0\nDOMAIN_MAX 1 0 1\n" + TINY, "domain is empty"),
        (b"\xff\xfe" + "LUT_3D_SIZE 2".encode("utf-16-le"), "no LUT_1D_SIZE"),
        (b"\0" * 100, "no LUT_1D_SIZE"),
    ],
)
def test_files_that_are_no_table_are_refused(text: str | bytes, what: str) -> None:
    assert what in refusal(text)


def test_damage_is_refused_or_harmless() -> None:
    random = np.random.default_rng(1)
    refused = 0
    for _ in range(200):
        damaged = bytearray(TINY.encode())
        for place in random.integers(0, len(damaged), 3):
            damaged[place] = random.integers(0, 256)
        cube = parsed_or_none(bytes(damaged))
        refused += cube is None
        assert cube is None or np.isfinite(cube.values).all()
    assert refused > 100


def test_a_line_without_end_does_not_fill_the_message() -> None:
    assert len(refusal("LUT_3D_SIZE 2\n" + "9" * 1_000_000)) < 200


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cube_module, "MAX_BYTES", 100)
    path = make_cube(tmp_path / "look.cube", grid(3))
    with pytest.raises(JobFailed, match="at most 100") as caught:
        read_cube(path)
    assert caught.value.code == "source_too_large"


def test_the_probe_knows_a_table_by_its_content(tmp_path: Path) -> None:
    path = make_cube(tmp_path / "look.mp4", grid(2), *["# a long preface about the making of this look"] * 500)
    info = probe(path)
    assert (info.kind, info.format, info.size_bytes) == ("lut", "cube", path.stat().st_size)


def test_the_probe_refuses_a_broken_table_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "look.cube"
    path.write_text(TINY.replace("1.000000 1.000000 1.000000", "1 x 1"))
    with pytest.raises(JobFailed, match="line 9") as caught:
        probe(path)
    assert caught.value.code == "invalid_source"


def test_a_table_is_never_handed_to_ffmpeg(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="a cube file, not media"):
        open_media(make_cube(tmp_path / "look.cube", grid(2)))


def test_text_that_is_no_table_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "look.cube"
    path.write_text("#EXTM3U\nfile:///etc/passwd LUT_3D_SIZE 2\n")
    with pytest.raises(JobFailed, match="no known media file"):
        probe(path)
