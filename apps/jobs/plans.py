"""What the plan of a workspace allows its jobs."""

from gpu_tasks.timeline.catalogue import catalogue

# Longer and shorter side in pixels, either way round; 4K and 8K take in their wider cinema forms.
_OUTPUT_SIDES_PX = {"1080p": (1920, 1080), "4K": (4096, 2160), "8K": (8192, 4320)}


class PlanExceeded(Exception):
    """The plan does not allow it; the message says what it allows."""


def check_output_size(plan: str, width_px: int, height_px: int) -> None:
    """Raises PlanExceeded when a film of this size is above the plan."""
    name = catalogue()["plans"][plan]["max_output"]
    long_px, short_px = _OUTPUT_SIDES_PX[name]
    if max(width_px, height_px) > long_px or min(width_px, height_px) > short_px:
        raise PlanExceeded(
            f"The {plan} plan renders up to {name} ({long_px}×{short_px} or {short_px}×{long_px}); "
            f"this request asks for {width_px}×{height_px}."
        )


def renders_alone(plan: str) -> bool:
    """Whether renders of a workspace with this plan run one at a time."""
    return bool(catalogue()["plans"][plan]["concurrent_renders"] == 1)


def is_marked(plan: str) -> bool:
    """Whether films of a workspace with this plan carry the watermark."""
    return bool(catalogue()["plans"][plan]["watermark"])
