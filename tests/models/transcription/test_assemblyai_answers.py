"""A transcription by AssemblyAI that succeeds: what is asked, and what comes back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import assemblyai as aai
import pytest

from gpu_tasks.models.transcription.assemblyai_request import language_code, language_tag
from tests.assemblyai_server import RESULTS, SENTENCE, AssemblyAiServer, Fault
from tests.models.transcription.conftest import Ask

pytestmark = pytest.mark.slow

BOOSTED = ["Framelane", "ProRes 4444"]


def test_hears_words_with_times_in_milliseconds(ask: Ask) -> None:
    transcript = ask()
    assert transcript.text == SENTENCE
    assert [word.text for word in transcript.words] == SENTENCE.split()
    assert [(word.start, word.end) for word in transcript.words[:2]] == [(0, 380), (400, 780)]
    assert all(word.speaker is None and word.confidence == 0.98 for word in transcript.words)
    assert (transcript.provider, transcript.model, transcript.language) == ("assemblyai", "universal-2", "en-US")


def test_sends_the_file_itself_and_waits_until_it_is_heard(ask: Ask, service: AssemblyAiServer) -> None:
    shares: list[float] = []
    ask(progress=shares.append)
    assert [len(upload) for upload in service.uploads] == [300_004]
    assert service.count("ask") == service.polls + 1
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_leaves_nothing_at_the_service(ask: Ask, service: AssemblyAiServer) -> None:
    ask()
    assert service.deleted == ["tr-0"]
    assert not service.kept


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, {"language_detection": True, "speech_models": ["universal-2"]}),
        ({"language": "en-GB"}, {"language_code": "en_uk"}),
        ({"language": "pt-BR"}, {"language_code": "pt"}),
        ({"speech_model": "universal-3-pro"}, {"speech_models": ["universal-3-pro", "universal-2"]}),
        ({"speech_model": "nano"}, {"speech_model": "nano"}),
        (
            {"speech_model": "nano", "word_boost": BOOSTED},
            {"speech_model": "nano", "word_boost": BOOSTED, "boost_param": "default"},
        ),
        ({"word_boost": BOOSTED}, {"keyterms_prompt": BOOSTED}),
        ({"speaker_labels": True, "speakers_expected": 3}, {"speaker_labels": True, "speakers_expected": 3}),
        *(({name: True}, {name: True}) for name in RESULTS),
    ],
)
def test_passes_every_option_on(
    ask: Ask, service: AssemblyAiServer, options: dict[str, Any], asked: dict[str, Any]
) -> None:
    ask(**options)
    default: dict[str, Any] = {} if "language" in options else {"language_detection": True}
    default |= {} if options.get("speech_model") == "nano" else {"speech_models": ["universal-2"]}
    (created,) = service.created
    assert {**created, "audio_url": ""} == {**default, **asked, "audio_url": ""}


def test_does_not_ask_for_speakers_by_their_number_alone(ask: Ask, service: AssemblyAiServer) -> None:
    ask(speakers_expected=4)
    assert "speakers_expected" not in service.created[0]


@pytest.mark.parametrize("name", RESULTS)
def test_gives_each_analysis_under_the_name_of_its_option(ask: Ask, name: str) -> None:
    transcript = ask(**{name: True})
    assert transcript.analyses == {name: RESULTS[name][1]}
    assert not transcript.notes


def test_tells_speakers_apart(ask: Ask) -> None:
    transcript = ask(speaker_labels=True)
    assert [(said.speaker, said.text) for said in transcript.utterances] == [
        ("A", "Framelane makes films."),
        ("B", "It also writes down what is said in them, word by word."),
    ]
    assert {word.speaker for word in transcript.words} == {"A", "B"}


def test_has_utterances_where_nobody_tells_speakers_apart(ask: Ask) -> None:
    (utterance,) = ask().utterances
    assert (utterance.text, utterance.start, utterance.end) == (SENTENCE, 0, 5980)


def test_notes_an_analysis_that_did_not_come(ask: Ask, service: AssemblyAiServer) -> None:
    service.result = {"entities": None}
    transcript = ask(entity_detection=True)
    assert transcript.analyses == {"entity_detection": None}
    assert transcript.notes == ("AssemblyAI gave no result for entity_detection.",)


def test_knows_no_speech(ask: Ask, service: AssemblyAiServer) -> None:
    service.result = {"text": "", "words": None, "utterances": None, "language_code": None}
    transcript = ask()
    assert (transcript.text, transcript.words, transcript.utterances) == ("", (), ())


def test_takes_analyses_that_are_newer_than_the_library(ask: Ask, service: AssemblyAiServer) -> None:
    service.result = {"entities": [{"entity_type": "starship", "text": "Framelane", "start": 0, "end": 1}]}
    assert ask(entity_detection=True).analyses["entity_detection"][0]["entity_type"] == "starship"


def test_jobs_share_neither_key_nor_server(ask: Ask, service: AssemblyAiServer) -> None:
    with AssemblyAiServer(key="another-key", text="Something else.") as other, ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(ask, key=server.key, url=server.url) for _ in range(3) for server in (service, other)]
        texts = [job.result().text for job in jobs]
    assert texts == [SENTENCE, "Something else."] * 3
    assert aai.settings.api_key is None
    assert aai.settings.base_url == "https://api.assemblyai.com"


def test_waits_for_a_slow_server(ask: Ask, service: AssemblyAiServer) -> None:
    for what in ("upload", "create", "ask", "delete"):
        service.fail(what, Fault(late_s=0.1))
    assert ask().text == SENTENCE
    assert service.deleted == ["tr-0"]


@pytest.mark.parametrize(
    ("tag", "code", "back"),
    [
        ("en", "en", "en"),
        ("en-US", "en_us", "en-US"),
        ("en_us", "en_us", "en-US"),
        ("en-GB", "en_uk", "en-GB"),
        ("de-CH", "de_ch", "de-CH"),
        ("de-DE", "de", "de"),
        ("en-GB-oxendict", "en_uk", "en-GB"),
        ("zh-Hant-TW", "zh", "zh"),
        ("yue", "yue", "yue"),
    ],
)
def test_speaks_of_languages_as_the_service_does(tag: str, code: str, back: str) -> None:
    assert language_code(tag) == code
    assert language_tag(code) == back
