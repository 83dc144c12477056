"""What a painted text looks like: never clipped, and every field does what its name says."""

import itertools
from typing import Any

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from tests.engine.text_help import CANVAS, RENDERER, colorfulness, element, ink, ink_columns, raster

SCRIPTS = {
    "latin": "Ågjpqy Ẫf",
    "cyrillic": "Щёлкнуть",
    "greek": "Ψυχή Ὠδή",
    "arabic": "مُحَمَّدٌ لِلّٰهِ",
    "hebrew": "שָׁלוֹם עולם",
    "devanagari": "क्षत्रिय र्द्ध्रू",
    "thai": "ที่นี่ น้ำ ปู่ ฎู",
    "japanese": "日本語テスト",
    "chinese": "简体中文，測試",
    "korean": "안녕하세요",
    "emoji": "👩‍💻🎉🏳️‍🌈",
}
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "outlined": {"stroke_color": "#ff0000", "stroke_width": 0.2},
    "hollow": {"stroke": True, "stroke_width": 6},
    "shadow": {"shadow": True},
    "plate": {"background": True, "x_padding": 8, "y_padding": 4, "border_radius": "50%"},
    "underlined": {"text_decoration": "underline", "font_style": "bolditalic"},
}


@pytest.mark.parametrize(("script", "look", "size"), list(itertools.product(SCRIPTS, LOOKS, (11, 73.5))))
def test_nothing_is_clipped_at_the_edges(script: str, look: str, size: float) -> None:
    painted = raster(SCRIPTS[script], font_size=size, leading=0.7, **LOOKS[look])
    edges = [painted.rgba[0], painted.rgba[-1], painted.rgba[:, 0], painted.rgba[:, -1]]
    assert max(int(edge[..., 3].max()) for edge in edges) == 0
    assert ink(painted.rgba) > size


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_drawn_without_warnings(script: str) -> None:
    assert raster(SCRIPTS[script], font_size=40).warnings == ()


def test_pixels_are_premultiplied() -> None:
    rgba = raster("Alice", font_size=60, text_color="#ffffff80", shadow=True).rgba
    assert (rgba[..., :3].max(axis=2) <= rgba[..., 3]).all()


def test_the_same_text_gives_the_same_pixels() -> None:
    first = raster("Bob & Charlie 👋", font_size=48, shadow=True).rgba
    assert np.array_equal(first, raster("Bob & Charlie 👋", font_size=48, shadow=True).rgba)


def test_weights_grow_heavier() -> None:
    inks = [ink(raster("Heavier", font_size=60, font_weight=weight).rgba) for weight in range(100, 1000, 100)]
    assert inks == sorted(inks)
    assert inks[-1] > 2 * inks[0]


def test_bold_style_is_weight_700() -> None:
    bold = raster("Bold", font_size=60, font_style="bold").rgba
    assert np.array_equal(bold, raster("Bold", font_size=60, font_weight=700).rgba)


def test_a_family_without_bold_is_thickened() -> None:
    plain = raster("Thick", font_size=60, font_family="Pacifico").rgba
    assert ink(raster("Thick", font_size=60, font_family="Pacifico", font_style="bold").rgba) > 1.05 * ink(plain)


@pytest.mark.parametrize("family", ["Inter", "Oswald"])
def test_italic_slants_with_and_without_an_italic_file(family: str) -> None:
    upright = raster("l", font_size=100, font_family=family).rgba
    assert raster("l", font_size=100, font_family=family, font_style="italic").rgba.shape[1] > upright.shape[1]


def test_color_emoji_keep_their_colours_at_any_size() -> None:
    for size in (12, 60, 300):
        assert colorfulness(raster("🎉", font_size=size).rgba) > 150


def test_a_joined_emoji_is_one_glyph() -> None:
    one = raster("👩", font_size=60).width
    for joined in ("👩‍💻", "👨‍👩‍👧‍👦", "👋🏽", "🇩🇪", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"):
        assert raster(joined, font_size=60).width == pytest.approx(one, abs=1), joined


def test_a_text_selector_asks_for_a_plain_glyph() -> None:
    assert colorfulness(raster("☺\ufe0f", font_size=60).rgba) > 100
    assert colorfulness(raster("☺\ufe0e", font_size=60).rgba) == 0


def test_an_outline_lies_outside_the_letters() -> None:
    plain = raster("O", font_size=100, text_color="#00ff00")
    lined = raster("O", font_size=100, text_color="#00ff00", stroke_color="#ff0000", stroke_width=10)
    assert lined.origin_x == pytest.approx(plain.origin_x - 10, abs=1)
    assert (lined.rgba[..., 1] > 250).sum() == pytest.approx((plain.rgba[..., 1] > 250).sum(), rel=0.01)


def test_a_stroke_width_up_to_one_is_a_share_of_the_font_size() -> None:
    shares = raster("O", font_size=100, stroke_color="#ff0000", stroke_width=0.1).rgba
    assert np.array_equal(shares, raster("O", font_size=100, stroke_color="#ff0000", stroke_width=10).rgba)


def test_hollow_letters_have_no_fill() -> None:
    hollow = raster("█", font_size=100, stroke=True, stroke_width=4).rgba
    middle = hollow[hollow.shape[0] // 2, hollow.shape[1] // 2]
    assert middle[3] == 0
    assert hollow[..., 3].max() == 255


def test_see_through_overlaps_do_not_add_up() -> None:
    rgba = raster("OOOO", font_size=100, tracking=-600, text_color="#ffffff80").rgba
    assert rgba[..., 3].max() == 128


def test_a_shadow_is_soft_and_falls_down() -> None:
    rgba = raster("I", font_size=200, shadow=True, font_weight=900).rgba
    dark = (rgba[..., 3] > 0) & (rgba[..., :3].max(axis=2) == 0)
    rows = np.flatnonzero((rgba[..., 0] > 250).any(axis=1))
    assert dark[rows[-1] + 5 :].sum() > dark[: rows[0] - 5].sum()
    assert len(np.unique(rgba[dark][..., 3])) > 30


def test_a_plate_covers_the_text_and_its_padding() -> None:
    painted = raster("Hi", font_size=50, background=True, background_color="#ff0000", x_padding=20, y_padding=10)
    text = raster("Hi", font_size=50)
    assert painted.width == pytest.approx(text.width + 40)
    assert painted.height == pytest.approx(text.height + 20)
    red = painted.rgba[..., 0] > 250
    assert red.sum() >= int(painted.width) * int(painted.height)


def test_a_plate_follows_its_opacity_and_radius() -> None:
    fields: dict[str, Any] = {"font_size": 40, "background": True, "background_color": "#ff0000", "x_padding": 30}
    painted = raster("Hi", **fields, background_opacity=50, border_radius=12)
    left, top = -painted.origin_x, -painted.origin_y
    assert painted.rgba[top + 1, left + 1, 3] == 0
    assert painted.rgba[top + 20, left + 3, 3] == 128


def test_an_underline_leaves_room_for_descenders() -> None:
    plain = raster("n n", font_size=100, text_decoration="underline").rgba
    row = np.flatnonzero((plain[..., 3] > 250).all(axis=1) | (plain[:, 5:-5, 3] > 250).all(axis=1))
    assert len(row) >= 4
    crossed = raster("ngn", font_size=100, text_decoration="underline")
    line = crossed.rgba[row[len(row) // 2] + raster("n n", font_size=100).origin_y - crossed.origin_y]
    assert (line[..., 3] == 0).sum() > 4


def test_a_strikethrough_crosses_the_letters() -> None:
    struck = raster("H H", font_size=100, text_decoration="strikethrough").rgba
    gap = struck[:, struck.shape[1] // 2, 3]
    assert (gap > 250).sum() >= 4


def test_an_offset_shifts_by_a_fraction_of_a_pixel() -> None:
    base = RENDERER.render(element("l", font_size=80), CANVAS)
    moved = RENDERER.render(element("l", font_size=80), CANVAS, offset=(0.5, 0.25))
    assert _centre(moved)[0] - _centre(base)[0] == pytest.approx(0.5, abs=0.03)
    assert _centre(moved)[1] - _centre(base)[1] == pytest.approx(0.25, abs=0.03)


def _centre(painted: Any) -> tuple[float, float]:
    alpha = painted.rgba[..., 3].astype(float)
    rows, columns = np.indices(alpha.shape)
    total = alpha.sum()
    return (columns * alpha).sum() / total + painted.origin_x, (rows * alpha).sum() / total + painted.origin_y


def test_scale_enlarges_everything_alike() -> None:
    base = raster("Alice and Bob", font_size=30)
    twice = RENDERER.render(element("Alice and Bob", font_size=30), CANVAS, scale=2)
    assert (twice.width, twice.height) == (base.width * 2, base.height * 2)
    assert ink(twice.rgba) == pytest.approx(4 * ink(base.rgba), rel=0.02)


def test_a_window_leaves_out_what_lies_outside() -> None:
    whole = raster("Window", font_size=100)
    part = RENDERER.render(element("Window", font_size=100), CANVAS, window=(50, 20, 150, 90))
    x, y = part.origin_x - whole.origin_x, part.origin_y - whole.origin_y
    height, width = part.rgba.shape[:2]
    assert (part.origin_x, width) == (50, 100)
    assert np.array_equal(part.rgba, whole.rgba[y : y + height, x : x + width])


def test_a_window_beside_the_text_is_empty() -> None:
    assert RENDERER.render(element("Window", font_size=100), CANVAS, window=(5000, 0, 5100, 90)).rgba.size == 0


def test_a_window_makes_huge_texts_possible() -> None:
    huge = element("Alice and Bob", font_size=4000, text_wrap="nowrap")
    part = RENDERER.render(huge, CANVAS, window=(3000, 1000, 4280, 1720))
    assert part.rgba.shape == (720, 1280, 4)
    assert ink(part.rgba) > 1000


def test_a_span_paints_only_its_characters() -> None:
    whole = raster("one two", font_size=60)
    part = RENDERER.render(element("one two", font_size=60), CANVAS, span=(4, 7))
    left, right = ink_columns(part.rgba)
    assert right + part.origin_x == pytest.approx(ink_columns(whole.rgba)[1] + whole.origin_x, abs=1)
    assert left + part.origin_x > whole.width / 2


def test_a_picture_beyond_the_limit_is_refused() -> None:
    with pytest.raises(JobFailed, match="smaller font") as failure:
        raster("W" * 40, font_size=4096, text_wrap="nowrap")
    assert failure.value.code == "out_of_memory"


def test_the_largest_font_is_drawn() -> None:
    painted = raster("I", font_size=4096)
    assert painted.rgba.shape[0] > 2900


@pytest.mark.parametrize(
    "text", ["\ud83d\ude00", "a\ud800b", "a\x00\x07\x1bb", "\u202e\u2066", "\ufffe\U0010ffff x", " ", "\n"]
)
def test_odd_characters_are_harmless(text: str) -> None:
    painted = RENDERER.render(element("x", font_size=40).model_copy(update={"text": text}), CANVAS)
    assert painted.rgba.shape[2] == 4


def test_two_surrogates_make_one_character() -> None:
    halves = RENDERER.render(element("x", font_size=40).model_copy(update={"text": "\ud83d\ude00"}), CANVAS)
    assert np.array_equal(halves.rgba, raster("😀", font_size=40).rgba)


def test_a_missing_font_falls_back_and_says_so() -> None:
    painted = raster("Alice", font_size=40, font_family="Nonesuch Grotesk")
    assert np.array_equal(painted.rgba, raster("Alice", font_size=40).rgba)
    assert len(painted.warnings) == 1
    assert painted.warnings[0].startswith("FONT_FALLBACK")
    assert "Nonesuch Grotesk" in painted.warnings[0]


def test_a_missing_character_shows_a_box_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRAMELANE_SYSTEM_FONTS", raising=False)
    painted = raster("\U00013000", font_size=40)
    assert ink(painted.rgba) > 0
    assert "U+13000" in painted.warnings[0]
