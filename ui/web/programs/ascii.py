"""JSON that no lone surrogate of an article can spoil."""

from __future__ import annotations

import json
from typing import Any

from fastapi.responses import JSONResponse


class AsciiResponse(JSONResponse):
    """A document in ASCII alone."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")
