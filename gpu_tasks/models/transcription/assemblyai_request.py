"""The options of a transcription in AssemblyAI's words."""

import assemblyai as aai
from assemblyai.types import SpeechModel

from gpu_tasks.models.transcription.options import TranscribeOptions

# Of a language's regions the service tells only these apart, and calls Britain "uk".
_REGIONAL = {"en-us": "en_us", "en-gb": "en_uk", "en-uk": "en_uk", "en-au": "en_au", "de-ch": "de_ch"}
_TAGS = {"en_us": "en-US", "en_uk": "en-GB", "en_au": "en-AU", "de_ch": "de-CH"}
# What universal-3-pro does not speak goes on to universal-2, which knows 99 languages.
_MODELS = {"universal-2": ["universal-2"], "universal-3-pro": ["universal-3-pro", "universal-2"]}


def configuration(options: TranscribeOptions) -> aai.TranscriptionConfig:
    """The configuration for the service's SDK."""
    config = aai.TranscriptionConfig(
        speaker_labels=options.speaker_labels,
        speakers_expected=options.speakers_expected if options.speaker_labels else None,
        sentiment_analysis=options.sentiment_analysis or None,
        entity_detection=options.entity_detection or None,
        auto_highlights=options.auto_highlights or None,
        content_safety=options.content_safety or None,
        iab_categories=options.iab_categories or None,
    )
    if options.language is None:
        config.language_detection = True
    else:
        config.language_code = language_code(options.language)
    _set_model(config, options)
    return config


def _set_model(config: aai.TranscriptionConfig, options: TranscribeOptions) -> None:
    """The universal models take boosted words as key terms; nano is named and told of them in the older way."""
    words = list(options.word_boost)
    if options.speech_model == "nano":
        config.speech_model = SpeechModel.nano
        config.set_word_boost(words)
        return
    config.speech_models = _MODELS[options.speech_model]
    config.keyterms_prompt = words or None


def language_code(tag: str) -> str:
    """The service's code for a BCP-47 tag: `pt-BR` → `pt`, `en-GB` → `en_uk`."""
    language, *parts = tag.lower().replace("_", "-").split("-")
    return next((_REGIONAL[f"{language}-{part}"] for part in parts if f"{language}-{part}" in _REGIONAL), language)


def language_tag(code: str) -> str:
    """The BCP-47 tag for the service's code."""
    return _TAGS.get(code, code.replace("_", "-"))
