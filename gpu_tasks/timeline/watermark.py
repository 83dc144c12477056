"""The mark that films of the free plan carry."""

from fractions import Fraction

from gpu_tasks.timeline.plan import Canvas, Clip
from gpu_tasks.timeline.request import TextElement

TEXT = "Made with Framelane"
ON_TOP = 10_000_000
INDEX = 1_000_001
_SIZE_SHARE, _MARGIN_SHARE = 0.034, 0.03


def watermark(canvas: Canvas) -> Clip:
    """A small line at the lower right, legible on light and on dark, above everything else, from start to end."""
    side_px = min(canvas.size)
    margin_px = side_px * _MARGIN_SHARE
    element = TextElement.model_validate(
        {
            "type": "text",
            "id": "watermark",
            "text": TEXT,
            "duration": float(canvas.duration_s),
            "font_size": max(1.0, side_px * _SIZE_SHARE),
            "font_weight": 600,
            "text_color": "#ffffffd9",
            "text_wrap": "nowrap",
            "shadow": True,
            "x": canvas.width - margin_px,
            "y": canvas.height - margin_px,
            "x_anchor": "100%",
            "y_anchor": "100%",
        }
    )
    # Beyond what a request may ask for: no element lies above it.
    raised = element.model_copy(update={"z_index": ON_TOP})
    return Clip(INDEX, raised, None, Fraction(0), canvas.duration_s)
