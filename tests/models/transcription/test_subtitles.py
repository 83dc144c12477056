"""Captions as SubRip and WebVTT files."""

import re

from gpu_tasks.models.transcription.captions import Caption
from gpu_tasks.models.transcription.subtitles import srt, vtt

CAPTIONS = [Caption(0, 1200, ("Hello,", "world.")), Caption(3_723_004, 3_725_000, ("Over an hour later.",))]


def test_writes_subrip() -> None:
    assert srt(CAPTIONS) == (
        "1\n00:00:00,000 --> 00:00:01,200\nHello,\nworld.\n\n2\n01:02:03,004 --> 01:02:05,000\nOver an hour later.\n\n"
    )


def test_writes_webvtt() -> None:
    assert vtt(CAPTIONS) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.200\nHello,\nworld.\n\n"
        "01:02:03.004 --> 01:02:05.000\nOver an hour later.\n\n"
    )


def test_names_speakers() -> None:
    captions = [
        Caption(0, 1, ("One.",), "A"),
        Caption(1, 2, ("Two.",), "A"),
        Caption(2, 3, ("Three.",), "B"),
        Caption(3, 4, ("Four.",)),
    ]
    assert re.findall(r"\n([^\n]+)\n\n", srt(captions)) == ["A: One.", "Two.", "B: Three.", "Four."]
    assert re.findall(r"\n([^\n]+)\n\n", vtt(captions)[6:]) == ["<v A>One.", "<v A>Two.", "<v B>Three.", "Four."]


def test_webvtt_takes_markup_for_text() -> None:
    hostile = Caption(0, 1, ("<b>AT&T</b> --> 00:00", "&lt;"), "Eve><script>\n\nX")
    text = vtt([hostile])
    assert "&lt;b&gt;AT&amp;T&lt;/b&gt; --&gt; 00:00\n&amp;lt;\n" in text
    assert text.count("-->") == 1
    assert "<v Eve&gt;&lt;script&gt; X>" in text


def test_files_without_captions_are_still_files() -> None:
    assert srt([]) == ""
    assert vtt([]) == "WEBVTT\n\n"
