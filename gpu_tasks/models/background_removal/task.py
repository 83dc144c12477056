"""The task `remove_background`: what is made of the people in a picture or a film."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.background_removal import outputs
from gpu_tasks.models.background_removal.matte import Matter, PeopleMatter
from gpu_tasks.models.background_removal.options import Options, parse
from gpu_tasks.models.background_removal.segment import MODELS
from gpu_tasks.models.step import Frame, Step
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.catalogue import descriptor

NOBODY = "no_person: nobody was found in any frame, so all of the source was taken for background"


class RemoveBackground:
    """A Step, made for one source. A frame that shows nobody is background as a whole: its matte is all zero."""

    def __init__(self, options: Options, matter: Callable[[], Matter]) -> None:
        self._options = options
        self._matter = matter
        self._output = _output(options)
        self._found = False

    @property
    def model(self) -> str:
        """The name of the network."""
        return self._options.model

    @property
    def warnings(self) -> tuple[str, ...]:
        """Told when all frames are done."""
        return () if self._found else (NOBODY,)

    def form(self, source: SourceInfo) -> str:
        """The suffix of the result: the caller names it, as only he knows where it goes."""
        return self._options.form(source)

    def size(self, width: int, height: int) -> tuple[int, int]:
        return width, height

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Holds no frame back, and of earlier ones only what makes the matte steady."""
        with self._matter() as matter:
            for frame in frames:
                cut = matter.cut(frame.rgb)
                self._found = self._found or bool(cut.matte.any())
                yield self._output(frame, cut)


def build(options: Mapping[str, Any], source: SourceInfo) -> Step:
    """A step for a film or a picture.

    Options: `output` (`alpha`, `matte`, `color`, `blur`; alpha), `background_color` (`#RRGGBB` or `#RRGGBBAA`; white),
    `format` for films (`mov`, `webm`; what suits the output) and `model` (a name of the catalogue). Raises ValueError
    for anything else; JobFailed `invalid_source` for a source without a picture; ModelError for a network that is not
    installed or not what it should be.
    """
    if not (source.has_video or source.kind == "image"):
        raise JobFailed("invalid_source", f"removing a background needs a video or an image, not {source.kind}")
    parsed = parse(options)
    return RemoveBackground(parsed, _matter(parsed.model))


def _matter(model: str) -> Callable[[], Matter]:
    if model in MODELS:
        return lambda: PeopleMatter(model)
    # Read whole, and torch loaded, before the first frame is decoded: what is wrong is told at once.
    from gpu_tasks.models.background_removal.networks import matter_of

    matter = matter_of(descriptor(model))
    return lambda: matter


def _output(options: Options) -> outputs.Output:
    if options.output == "color":
        return outputs.over_colour(options.colour)
    return {"alpha": outputs.transparent, "matte": outputs.matte, "blur": outputs.over_blurred}[options.output]
