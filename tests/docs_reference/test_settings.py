"""Every setting has its place on the page of settings."""

from pathlib import Path
from typing import Any

from apps.docs.reference.settings import documented
from scripts.processes import ROOT
from tests.contract.test_documentation import read_from_the_environment, used_by_the_processes
from tests.docs_reference.read import first_cells, pages


def test_every_variable_that_is_read_has_a_row_and_every_row_a_variable() -> None:
    shown = first_cells(pages()["settings"].markdown)
    assert len(shown) == len(set(shown))
    assert set(shown) == read_from_the_environment().keys() | used_by_the_processes()


def test_every_row_says_what_it_does() -> None:
    assert all(len(row.meaning) > 10 for row in documented(ROOT / "docs"))


def test_rows_are_read_from_tables_of_every_form(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(
        "| variable | default | what |\n|---|---|---|\n| `B_C` | `1` | [b](docs/b.md) |\n"
    )
    (tmp_path / "docs" / "a.md").write_text(
        "| Setting | |\n| --- | --- |\n| `C_D`, `D_E` | two, see [c](c.md#x) |\n\n"
        "| plan | a minute | setting |\n|---|---|---|\n| free | 60 | `A_B` |\n| pro | 70 | `B_C` |\n\nNo `E_F` here.\n"
    )
    found = [(row.variables, row.default, row.meaning, row.file) for row in documented(tmp_path / "docs")]
    assert found == [
        (("A_B",), "60", "a minute (plan: free)", "a.md"),
        (("B_C",), "`1`", "[b](../b.md)", "../README.md"),
        (("C_D", "D_E"), "", "two, see [c](../c.md#x)", "a.md"),
    ]
