"""Transcripts: words in order and with times, utterances, and the artifact."""

import json
import math

import pytest
from pydantic import ValidationError

from gpu_tasks.models.transcription.options import ANALYSES, TranscribeOptions
from gpu_tasks.models.transcription.transcript import (
    Transcript,
    Word,
    in_order,
    milliseconds,
    spoken_text,
    utterances_of,
)


def word(text: str, start: int, end: int, speaker: str | None = None, confidence: float = 0.5) -> Word:
    return Word(text, start, end, confidence, speaker)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (word("late", 500, 900), ("late", 500, 900, 0.5)),
        (word(" spaced ", 0, 10), ("spaced", 0, 10, 0.5)),
        (word("two\x00\x1b[31m\n\nlines", 0, 10), ("two [31m lines", 0, 10, 0.5)),
        (word("before", -200, 300), ("before", 0, 300, 0.5)),
        (word("backwards", 900, 100), ("backwards", 900, 901, 0.5)),
        (word("instant", 7, 7), ("instant", 7, 8, 0.5)),
        (word("sure", 0, 1, confidence=1.7), ("sure", 0, 1, 1.0)),
        (word("unsure", 0, 1, confidence=-3), ("unsure", 0, 1, 0.0)),
        (word("unknown", 0, 1, confidence=math.nan), ("unknown", 0, 1, 0.0)),
    ],
)
def test_every_word_has_sane_times(given: Word, kept: tuple[str, int, int, float]) -> None:
    (found,) = in_order([given])
    assert (found.text, found.start, found.end, found.confidence) == kept


def test_puts_words_in_order_and_leaves_out_empty_ones() -> None:
    words = in_order([word("b", 20, 30), word("  ", 0, 5), word("a", 10, 15), word("c", 20, 25)])
    assert [found.text for found in words] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.0, 0), (1.2345, 1234), (0.0006, 1), (-2.0, 0), (math.nan, 0), (math.inf, 0)],
)
def test_counts_in_whole_milliseconds(seconds: float, expected: int) -> None:
    assert milliseconds(seconds) == expected


def test_an_utterance_ends_with_its_speaker_or_before_a_pause() -> None:
    words = [
        word("Well,", 0, 300, "A"),
        word("yes.", 320, 600, "A"),
        word("No!", 620, 900, "B"),
        word("Never.", 1900, 2400, "B"),
    ]
    found = [(said.speaker, said.text, said.start, said.end) for said in utterances_of(words)]
    assert found == [("A", "Well, yes.", 0, 600), ("B", "No!", 620, 900), ("B", "Never.", 1900, 2400)]


def test_an_utterance_is_as_sure_as_its_words_on_average() -> None:
    (said,) = utterances_of([word("a", 0, 1, confidence=1.0), word("b", 2, 3, confidence=0.5)])
    assert said.confidence == 0.75


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Hello,", "world"], "Hello, world"),
        (["今日は", "いい", "天気", "。"], "今日はいい天気。"),
        (["สวัสดี", "ครับ"], "สวัสดีครับ"),
        (["안녕", "하세요"], "안녕 하세요"),
        (["שלום", "עולם"], "שלום עולם"),
        (["版本", "2", "です"], "版本 2 です"),
        ([], ""),
    ],
)
def test_joins_words_as_their_script_does(words: list[str], text: str) -> None:
    assert spoken_text(words) == text


def transcript() -> Transcript:
    words = (word("Hello", 0, 400, "A"), word("there.", 420, 800, "A"))
    return Transcript(
        text="Hello there.",
        words=words,
        utterances=utterances_of(words),
        provider="assemblyai",
        model="universal-2",
        language="en-US",
        duration_ms=1000,
        analyses={"entity_detection": []},
        notes=("a note",),
    )


def test_the_artifact_is_plain_json_in_milliseconds() -> None:
    artifact = json.loads(json.dumps(transcript().as_json()))
    assert artifact["words"][1] == {"text": "there.", "start": 420, "end": 800, "confidence": 0.5, "speaker": "A"}
    assert artifact["utterances"][0]["text"] == "Hello there."
    assert artifact["duration"] == 1000
    assert artifact["entity_detection"] == []
    assert "notes" not in artifact


def test_the_artifact_without_word_timings_has_no_words() -> None:
    artifact = transcript().as_json(word_timings=False)
    assert artifact["words"] == []
    assert artifact["utterances"]


def test_an_artifact_can_be_read_back() -> None:
    said = transcript()
    assert Transcript.from_json({**said.as_json(), "notes": list(said.notes)}) == said


def test_options_take_the_contracts_defaults_and_ignore_the_rest() -> None:
    options = TranscribeOptions.model_validate({"source_url": "https://example.org/a.mp4", "metadata": {}})
    assert options.language is None
    assert (options.speech_model, options.word_timings, options.analyses) == ("universal-2", True, ())


def test_options_know_which_analyses_are_asked_for() -> None:
    assert TranscribeOptions.model_validate(dict.fromkeys(ANALYSES, True)).analyses == ANALYSES


@pytest.mark.parametrize(
    "broken",
    [
        {"language": ""},
        {"language": "english please"},
        {"language": "../../etc"},
        {"language": "e" * 400},
        {"speech_model": "best"},
        {"speakers_expected": 0},
        {"speakers_expected": 11},
        {"word_boost": ["a"] * 201},
        {"word_boost": [""]},
        {"word_boost": ["x" * 201]},
        {"word_boost": "one"},
        {"word_timings": "perhaps"},
    ],
)
def test_options_have_bounds(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TranscribeOptions.model_validate(broken)
