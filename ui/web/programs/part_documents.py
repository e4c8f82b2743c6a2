"""The parts of a story's answer, as programs get them: each says of what kind it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.forms import Coverage, Development, Figure, Row, Side, Table


@dataclass(frozen=True, kw_only=True)
class RowPart(Row):
    kind: Literal["row"]


@dataclass(frozen=True, kw_only=True)
class DevelopmentPart(Development):
    kind: Literal["development"]


@dataclass(frozen=True, kw_only=True)
class FigurePart(Figure):
    kind: Literal["figure"]


@dataclass(frozen=True, kw_only=True)
class ContrastPart:
    about: str
    sides: list[Side]
    contrast: Literal["both", "only", "differ"]
    kind: Literal["contrast"]


@dataclass(frozen=True, kw_only=True)
class TablePart(Table):
    kind: Literal["table"]


@dataclass(frozen=True, kw_only=True)
class CoveragePart(Coverage):
    kind: Literal["coverage"]


PartDocument = RowPart | DevelopmentPart | FigurePart | ContrastPart | TablePart | CoveragePart
