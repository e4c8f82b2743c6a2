"""The table of settings in the documentation, made from the settings themselves: `python -m eval.settings_page`.

The text around the table is written by hand; what stands between the two marks is replaced.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from rag.settings import PREFIX, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
BEGIN, END = "<!-- made by `python -m eval.settings_page`: begin -->", "<!-- end -->"
BOUNDS = {"ge": "from {:,}", "gt": "above {:,}", "le": "up to {:,}", "lt": "below {:,}"}


def render_table(settings: type[Settings] = Settings) -> str:
    """One row a setting, in the order of the class: its variable, what it means, its default, and what it may be."""
    rows = [_row(name, field) for name, field in settings.model_fields.items()]
    return "\n".join(["| Variable | Meaning | Default | Allowed |", "|---|---|---|---|", *rows])


def with_table(page: str, table: str) -> str:
    """The page with `table` between its marks. Raises ValueError when a mark is not there, or they are the wrong way round."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has to hold {BEGIN!r} and, behind it, {END!r}")
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{PREFIX}{name.upper()}` | {field.description or ''} | {_default(field)} | {', '.join(_describe_allowed(field))} |"


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "in the user's data directory"
    return "not set" if field.default in (None, ()) else f"`{field.default}`"


def _describe_allowed(field: FieldInfo) -> Iterator[str]:
    if get_origin(field.annotation) is Literal:
        yield " or ".join(f"`{value}`" for value in get_args(field.annotation))
    for name, words in BOUNDS.items():
        for bound in field.metadata:
            if (limit := getattr(bound, name, None)) is not None:
                yield words.format(limit)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the table of settings into the documentation.")
    parser.add_argument("--page", type=Path, default=PAGE)
    page = parser.parse_args().page
    page.write_text(with_table(page.read_text("utf-8"), render_table()), "utf-8")


if __name__ == "__main__":
    main()
