"""What capabilities say of a look is what the engine's registries say."""

import json

from scripts.write_looks import FILE, looks


def test_the_published_looks_are_those_of_the_registries() -> None:
    assert json.loads(FILE.read_text("utf-8")) == looks(), "run python -m scripts.write_looks"
