"""The public catalogue, derived from what the validators and the renderer work with."""

from typing import Any

from django.conf import settings
from pydantic import BaseModel

from apps.capabilities import engine, fields, onboarding, tasks
from apps.capabilities.entries import entry, section
from apps.events.types import EVENT_TYPES
from framelane.api.error_codes import ERROR_CODES
from framelane.api.throttling import limits_per_minute
from gpu_tasks.timeline import request
from gpu_tasks.timeline.catalogue import NOT_YET, UNSUPPORTED_FIELDS, catalogue, is_supported, looks, names
from gpu_tasks.timeline.presets import PRESETS

API_VERSION = "v1"
_ELEMENTS: dict[str, type[BaseModel]] = {
    "video": request.VideoElement,
    "audio": request.AudioElement,
    "image": request.ImageElement,
    "text": request.TextElement,
}


def capabilities() -> dict[str, Any]:
    """The whole document. Every entry has `type` and `supported`; an unsupported one says `reason`."""
    known = catalogue()
    return {
        "api_version": API_VERSION,
        "engine": engine.description(),
        "canvas": fields.of_model(request.RenderRequest, known["canvas"], dict.fromkeys(UNSUPPORTED_FIELDS, NOT_YET)),
        "element_types": _element_types(),
        "output_formats": engine.output_formats(),
        "input_formats": _input_formats(),
        "effects": _seen("effects"),
        "motions": _motions(),
        "transitions": _seen("transitions"),
        "easings": section("easings"),
        "blend_modes": section("blend_modes"),
        "word_animations": section("word_animation_styles"),
        "animation_presets": _animation_presets(),
        "fits": section("fits", _fits()),
        "fonts": engine.fonts(),
        "tasks": tasks.description(),
        "limits": {
            **known["limits"],
            "rate_limits_per_minute": limits_per_minute(),
            "body_max_bytes": settings.FRAMELANE_MAX_BODY_BYTES,
        },
        "rate_limits": limits_per_minute(),
        "plans": [entry(name, supported=True, **facts) for name, facts in known["plans"].items()],
        "errors": _errors(),
        "webhook_events": _webhook_events(),
        "onboarding": onboarding.ways_in(),
    }


def _fits() -> tuple[str, ...]:
    fits: Any = request.Fit  # An enum made from names at run time, which the type checker cannot look into.
    return tuple(fit.value for fit in fits)


def _element_types() -> list[dict[str, Any]]:
    known = catalogue()["elements"]
    return [
        entry(name, is_supported("element_types", name), fields=fields.of_model(_ELEMENTS[name], known[name]))
        for name in names("element_types")
    ]


def _input_formats() -> list[dict[str, Any]]:
    by_kind = catalogue()["upload_mime_types"]
    return [entry(mime, supported=True, kind=kind) for kind, mimes in by_kind.items() for mime in mimes]


def _seen(registry: str) -> list[dict[str, Any]]:
    """The entries of a registry, each with what it looks like."""
    return [entry(name, is_supported(registry, name), look=looks(registry)[name]) for name in names(registry)]


def _motions() -> list[dict[str, Any]]:
    return [
        entry(
            motion["type"],
            is_supported("motions", motion["type"]),
            look=looks("motions")[motion["type"]],
            family=motion["family"],
            exit_only=motion["exit_only_forced"],
            scopes=[_scope(motion, scope) for scope in names("motion_scopes")],
        )
        for motion in catalogue()["motions"]
    ]


def _scope(motion: dict[str, Any], scope: str) -> dict[str, Any]:
    directions = motion[scope]
    if directions is None:
        return entry(scope, supported=False, reason=f"{motion['type']} does not exist at this scope.")
    return entry(scope, is_supported("motions", motion["type"]), **directions)


def _animation_presets() -> list[dict[str, Any]]:
    return [entry(name, is_supported("animation_presets", name), look=look) for name, look in PRESETS.items()]


def _errors() -> list[dict[str, Any]]:
    http = [
        entry(code, supported=True, appears_in="response", statuses=list(facts.statuses), meaning=facts.meaning)
        for code, facts in ERROR_CODES.items()
    ]
    return http + [entry(code, supported=True, appears_in="job") for code in names("job_error_codes")]


def _webhook_events() -> list[dict[str, Any]]:
    return [entry(name, supported=True, meaning=meaning) for name, meaning in EVENT_TYPES.items()]
