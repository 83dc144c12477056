"""Text: fonts, shaping, layout, lettering and rasters of `TextElement`s.

The names below load Skia when they are first asked for; `lettering`, `pieces` and what they need come without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gpu_tasks.engine.text.layout import WordBox
    from gpu_tasks.engine.text.renderer import TextLayout, TextRaster, TextRenderer

__all__ = ["TextLayout", "TextRaster", "TextRenderer", "WordBox"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.renderer"), name)
