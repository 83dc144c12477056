"""Every hostile file ends in its named error, in seconds, in bounded memory, and nothing outside is read."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import allow
from gpu_tasks.media.probe import probe
from tests.hostile.child import probe_in_child
from tests.hostile.corpus import EXHAUSTING, MISLEADING, REFUSED, Builder, _clip, outside_data_reference
from tests.hostile.watch import OpenWatch
from tests.media.make import make_clip

pytestmark = pytest.mark.slow
PUBLIC_CODES = {"", "invalid_source", "source_too_large", "decode_failed", "codec_unsupported"}


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good clip of a telling size, outside every job's folder."""
    return make_clip(tmp_path_factory.mktemp("outside") / "canary.mp4", width=222, height=166, duration_s=0.5)


@pytest.mark.parametrize(("build", "code"), REFUSED, ids=[build.__name__ for build, _ in REFUSED])
def test_a_hostile_file_ends_in_its_named_error(build: Builder, code: str, tmp_path: Path, canary: Path) -> None:
    path = build(tmp_path, canary)
    with OpenWatch(canary) as watch:
        answer = probe_in_child(path)
        assert not watch.was_touched()
    assert (answer.status, answer.code) == (1, code), answer
    message = answer.json["error"]["message"]
    assert str(tmp_path) not in message
    assert "222" not in message


@pytest.mark.parametrize(("build", "name", "seconds"), MISLEADING, ids=[build.__name__ for build, _, _ in MISLEADING])
def test_a_misleading_file_is_seen_as_what_it_is(
    build: Builder, name: str, seconds: float, tmp_path: Path, canary: Path
) -> None:
    answer = probe_in_child(build(tmp_path, canary))
    assert answer.status == 0, answer
    assert answer.json["format"] == name
    assert float(Fraction(answer.json["duration_s"])) == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize("build", EXHAUSTING, ids=[build.__name__ for build in EXHAUSTING])
def test_an_exhausting_file_stays_within_the_bounds(build: Builder, tmp_path: Path, canary: Path) -> None:
    answer = probe_in_child(build(tmp_path, canary))
    assert answer.code in PUBLIC_CODES, answer


@pytest.mark.parametrize("seed", range(6))
def test_random_damage_never_ends_without_an_answer(seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    data = bytearray(_clip(tmp_path, ("clip.mp4", "clip.webm", "clip.ts")[seed % 3]))
    for position in random.integers(0, len(data), 60):
        data[position] = random.integers(0, 256)
    path = tmp_path / "upload.mp4"
    path.write_bytes(data)
    assert probe_in_child(path).code in PUBLIC_CODES


def test_the_watch_notices_an_open(canary: Path) -> None:
    with OpenWatch(canary) as watch:
        assert not watch.was_touched()
        canary.read_bytes()
        assert watch.was_touched()


def test_the_outside_reference_would_work_without_our_guards(tmp_path: Path, canary: Path) -> None:
    path = outside_data_reference(tmp_path, canary)
    with OpenWatch(canary) as watch, av.open(str(path), options={"enable_drefs": "1", "use_absolute_path": "1"}):
        assert watch.was_touched()


def test_no_second_file_is_opened_even_if_a_demuxer_wants_to(
    tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(allow._OPTIONS, "enable_drefs", "1")
    monkeypatch.setitem(allow._OPTIONS, "use_absolute_path", "1")
    path = outside_data_reference(tmp_path, canary)
    with OpenWatch(canary) as watch:
        with pytest.raises((JobFailed, PermissionError)):
            probe(path)
        assert not watch.was_touched()
