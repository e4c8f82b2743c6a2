"""Text without what no reader sees and what no index survives; every other character stays as it is."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def cleaned(text: str) -> str:
    """`text` without controls (but line feed and tab), byte order marks, outer blanks and second empty lines in a row.

    A lone surrogate becomes U+FFFD.
    """
    plain = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return _EMPTY_LINES.sub("\n\n", _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", plain)).strip()
