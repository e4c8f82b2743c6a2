from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from eval.settings_page import BEGIN, END, PAGE, render_table, with_table
from rag.settings import Settings


class Longer(Settings):
    """The settings with one more, to see what a row of it says."""

    patience: Annotated[float, Field(gt=0, le=2000, description="how long to wait")] = 1.5


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    assert with_table(page, render_table()) == page, "run `python -m eval.settings_page`"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_row_has_meaning_default_and_bounds() -> None:
    assert render_table(Longer).endswith("| `DATELINE_PATIENCE` | how long to wait | `1.5` | above 0, up to 2,000 |")


def test_a_choice_is_listed() -> None:
    assert "| `remove` | `remove` or `strike` |" in render_table()


def test_the_table_replaces_what_stood_between_the_marks() -> None:
    assert with_table(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


@pytest.mark.parametrize("page", ["no marks", BEGIN, f"{END}\n{BEGIN}"])
def test_a_page_without_its_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="has to hold"):
        with_table(page, "table")
