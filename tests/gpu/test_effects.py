"""Every effect looks the same from the GPU."""

import pytest

from gpu_tasks.engine.effects import EFFECTS
from tests.gpu.pairs import CLOSE_DB, effect_db

KINDS = {"720p": ((1280, 720), 2, False), "odd, alpha": ((321, 181), 2, True), "4:4:4, alpha": ((320, 180), 1, True)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_an_effect_is_the_same_on_the_gpu(name: str, kind: str) -> None:
    size, subsampling, alpha = KINDS[kind]
    assert effect_db(name, "cuda", size, subsampling, alpha=alpha) >= CLOSE_DB
