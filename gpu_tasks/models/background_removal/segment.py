"""Where people are, roughly: MediaPipe's selfie segmentation, 256×256 inside."""

from types import TracebackType
from typing import Any, Self

import numpy as np

from gpu_tasks.models.background_removal.planes import Plane, resized_rgb
from gpu_tasks.models.quiet import quiet_stderr
from gpu_tasks.models.step import Rgb

NETWORK_SIZE = (256, 256)
DEFAULT_MODEL = "selfie-segmentation"
# MediaPipe's own numbers for them. The one for landscape pictures lets veils of the background through.
MODELS = {DEFAULT_MODEL: 0, "selfie-segmentation-landscape": 1}


class PeopleSegmenter:
    """The network, loaded once for a clip. It looks at every frame by itself."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        with quiet_stderr():
            from mediapipe.python.solutions import selfie_segmentation

            self._network: Any = selfie_segmentation.SelfieSegmentation(model_selection=MODELS[model])
            # It logs again when it first runs.
            self.coverage(np.zeros((*NETWORK_SIZE, 3), np.uint8))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def coverage(self, rgb: Rgb) -> Plane:
        """256×256, 0 to 1, stretched over the whole of a picture of any size."""
        small = resized_rgb(rgb, NETWORK_SIZE)
        return np.array(self._network.process(small).segmentation_mask, np.float32)

    def close(self) -> None:
        """Free the network; the segmenter cannot be used after it."""
        self._network.close()
