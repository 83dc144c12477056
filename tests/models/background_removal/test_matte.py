"""The whole default way: a matte of the frame's size, empty where nobody is."""

import cv2
import numpy as np
import pytest

from benchmarks.matting.pictures import background, composite, person, photograph
from gpu_tasks.models.background_removal.matte import PeopleMatter

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["rocket", "brick", "grass", "gravel", "white"])
def test_a_frame_without_people_has_an_empty_matte(name: str) -> None:
    with PeopleMatter() as matter:
        assert (matter.cut(background(name)).matte == 0).all()


def test_inside_a_person_there_are_no_holes_and_far_from_her_no_haze() -> None:
    with PeopleMatter() as matter:
        matte = matter.cut(photograph()).matte
    assert matte.shape == photograph().shape[:2]
    assert matte[40:120, 200:265].min() > 245
    assert matte[350:500, 100:400].min() > 230
    assert (matte[:250, 330:] == 0).all()


def test_a_small_person_is_found_in_a_wide_picture() -> None:
    small = cv2.resize(composite(person(), background("grey")), (160, 160), interpolation=cv2.INTER_AREA)
    scene = np.full((400, 960, 3), 128, np.uint8)
    scene[-160:, 400:560] = small
    with PeopleMatter() as matter:
        matte = matter.cut(scene).matte
    assert matte[250:290, 465:480].min() > 230
    assert (matte[:, :370] == 0).all()
    assert (matte[:, 590:] == 0).all()


def test_people_leave_with_the_last_frame_that_shows_them() -> None:
    with PeopleMatter() as matter:
        matter.cut(photograph())
        after = [matter.cut(background("brick")).matte for _ in range(2)]
    assert (np.stack(after) == 0).all()
