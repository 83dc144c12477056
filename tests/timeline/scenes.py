"""Small requests and sources for tests of the plan."""

from fractions import Fraction
from typing import Any

from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.sources import SourceInfo

CLIP = "https://media.test/clip.mp4"
LOGO = "https://media.test/logo.png"
MUSIC = "https://media.test/music.mp3"


def sources(duration_s: float = 12, **changes: Any) -> dict[str, SourceInfo]:
    clip = {"has_audio": True, "width": 1920, "height": 1080, **changes}
    return {
        CLIP: SourceInfo("video", "mp4", "video/mp4", 9, has_video=True, duration_s=Fraction(str(duration_s)), **clip),
        LOGO: SourceInfo("image", "png", "image/png", 9, 320, 160, has_alpha=True),
        MUSIC: SourceInfo("audio", "mp3", "audio/mpeg", 9, has_audio=True, duration_s=Fraction(60)),
    }


def video(**fields: Any) -> dict[str, Any]:
    return {"type": "video", "source_url": CLIP, **fields}


def image(**fields: Any) -> dict[str, Any]:
    return {"type": "image", "id": "logo", "source_url": LOGO, "duration": 2, **fields}


def text(**fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": "Title", "duration": 2, **fields}


def plan_of(*elements: dict[str, Any], duration_s: float = 12, **request: Any) -> Plan:
    return make_plan(parse_render({"elements": list(elements), **request}), sources(duration_s))
