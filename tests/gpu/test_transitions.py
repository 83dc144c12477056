"""Every transition looks the same from the GPU."""

import pytest

from gpu_tasks.engine.transitions import TRANSITIONS
from tests.engine.transitions.stage import KINDS, pictures
from tests.gpu.pairs import CLOSE_DB, transition_db


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_transition_is_the_same_on_the_gpu(name: str, kind: tuple[int, bool], progress: float) -> None:
    subsampling, alpha = kind
    outgoing, incoming = pictures((641, 361), subsampling, alpha=alpha)
    assert transition_db(name, "cuda", outgoing, incoming, progress) >= CLOSE_DB
