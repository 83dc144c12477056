"""The tasks: what each takes, which networks do it, and what of it this installation cannot do."""

from typing import Any

from django.conf import settings

from apps.capabilities import fields
from apps.capabilities.entries import entry
from gpu_tasks.timeline.catalogue import NOT_YET, UNSUPPORTED_FIELDS, catalogue, names
from gpu_tasks.timeline.tasks import BODIES, TaskBody, TranscribeBody
from gpu_tasks.weights import store
from gpu_tasks.weights.catalogue import of_purpose
from gpu_tasks.weights.descriptor import Descriptor, Purpose

_PURPOSES: dict[str, Purpose] = {
    "super_resolution": "super_resolution",
    "remove_background": "background_removal",
    "gaze_redirect": "gaze",
}
_NO_PROVIDER = (
    "Nobody transcribes on this installation. Its operator enables it by setting FRAMELANE_ASSEMBLYAI_API_KEY to a key "
    "of AssemblyAI, or FRAMELANE_WHISPER_MODEL to a folder with the weights of a faster-whisper model."
)
_WHISPER_LACKS = "The Whisper model of this installation cannot do that; AssemblyAI can, where its key is set."
_OF_ASSEMBLYAI = (
    "speaker_labels",
    "speakers_expected",
    "sentiment_analysis",
    "entity_detection",
    "auto_highlights",
    "content_safety",
    "iab_categories",
)


def description() -> list[dict[str, Any]]:
    """Every task with its path, its parameters and the networks in use."""
    paths = catalogue()["enums"]["task_paths"]
    return [
        entry(
            name,
            not why_not(name),
            why_not(name),
            path=paths[name],
            parameters=_parameters(name),
            models=_models(name),
        )
        for name in names("task_types")
    ]


def why_not(task_type: str) -> str:
    """Why this installation runs no tasks of a type, and what would help; empty where it does."""
    return _NO_PROVIDER if task_type == "transcribe" and not transcriber() else ""


def transcriber() -> str:
    """Who transcribes here: `assemblyai`, `whisper`, or nobody, the empty string."""
    if settings.FRAMELANE_ASSEMBLYAI_API_KEY:
        return "assemblyai"
    return "whisper" if settings.FRAMELANE_WHISPER_MODEL else ""


def missing_for(body: TaskBody) -> list[tuple[str, str]]:
    """What a task asks for and this installation cannot do: JSON pointers, and why."""
    task_type = next(name for name, model in BODIES.items() if model is type(body))
    if reason := why_not(task_type):
        return [("", reason)]
    lacking = _lacking(task_type)
    return [(f"/{name}", lacking[name]) for name in lacking if getattr(body, name)]


def _lacking(task_type: str) -> dict[str, str]:
    """Parameters without effect here, and why."""
    if task_type == "transcribe" and transcriber() == "whisper":
        return dict.fromkeys(_OF_ASSEMBLYAI, _WHISPER_LACKS)
    return {}


def _parameters(task_type: str) -> dict[str, dict[str, Any]]:
    body, known = BODIES[task_type], catalogue()["tasks"]
    unsupported = dict.fromkeys(UNSUPPORTED_FIELDS, NOT_YET) | _lacking(task_type)
    if reason := why_not(task_type):
        unsupported = dict.fromkeys(body.model_fields, reason)
    return fields.of_model(body, {**known["common"], **known[task_type]}, unsupported)


def _models(task_type: str) -> list[dict[str, Any]]:
    if task_type == "transcribe":
        return _speech_models()
    known = of_purpose(_PURPOSES[task_type])
    # Those in packages lie on the workers; this process need not have them.
    return [_model(descriptor) for descriptor in known if descriptor.packaged or store.is_present(descriptor.name)]


def _model(descriptor: Descriptor) -> dict[str, Any]:
    shown = ("licence", "commercial_use", "source", "architecture", "scale", "variant")
    return entry(descriptor.name, supported=True, **{name: getattr(descriptor, name) for name in shown})


def _speech_models() -> list[dict[str, Any]]:
    whisper = settings.FRAMELANE_WHISPER_MODEL
    if transcriber() == "assemblyai":
        speech_model = TranscribeBody.model_json_schema()["$defs"]["SpeechModel"]
        return [entry(name, supported=True, provider="assemblyai") for name in speech_model["enum"]]
    return [entry(whisper.name, supported=True, provider="whisper")] if whisper else []
