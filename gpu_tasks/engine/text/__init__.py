"""Text: fonts, shaping, layout and rasters of `TextElement`s."""

from gpu_tasks.engine.text.layout import WordBox
from gpu_tasks.engine.text.renderer import TextLayout, TextRaster, TextRenderer

__all__ = ["TextLayout", "TextRaster", "TextRenderer", "WordBox"]
