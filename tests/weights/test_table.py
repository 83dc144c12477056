"""The page on models lists what the catalogue holds."""

import pytest

from gpu_tasks.weights.catalogue import descriptors
from gpu_tasks.weights.table import BEGIN, END, PAGE, table, with_table


def test_the_page_shows_the_catalogue_as_it_is() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_table(page, table(descriptors())), "run `python -m gpu_tasks.weights.table`"


def test_every_network_has_its_line_and_its_note() -> None:
    lines = table(descriptors()).splitlines()
    assert len(lines) == 3 + len(descriptors()) + sum(bool(entry.notes) for entry in descriptors())
    for entry in descriptors():
        assert sum(line.startswith(f"| `{entry.name}` |") for line in lines) == 1


def test_only_what_lies_between_the_marks_is_replaced() -> None:
    assert with_table(f"a{BEGIN}old{END}b", "new") == f"a{BEGIN}\n\nnew\n\n{END}b"


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page lacks"):
        with_table(page, "new")
