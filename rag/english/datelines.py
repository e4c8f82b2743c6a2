"""The words that stand before a report: where it was written, and by which agency."""

from __future__ import annotations

import re

DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’ -]{2,}(?:, [A-Z][\w.’ ]+)?(?:, (?:\w+\.? \d{1,2}|\d{1,2} \w+))?\s*(?:\([^)]{1,40}\)\s*)?"
    r"(?:[–—:]|--?(?=\s))|\((?:AP|Reuters|AFP|CNN|PA|DPA|UPI|[A-Z][\w ]{1,24})\)\s*(?:[–—:]|--?(?=\s)))\s*"
)
"""Where and by whom a report was written, before its first word."""
