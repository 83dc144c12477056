"""Build scenes, and check them without sending them.

>>> from framelane.timeline import Timeline
>>> film = Timeline(width=640, height=360).image("https://cdn.example.com/a.png", duration=2)
>>> film.validate()
[]
"""

from framelane.timeline.builder import Timeline
from framelane.timeline.problems import InvalidTimeline, Violation
from framelane.timeline.validation import validate
from framelane.timeline.vocabulary import snapshot

__all__ = ["InvalidTimeline", "Timeline", "Violation", "snapshot", "validate"]
