"""The OpenAPI document, and a page that shows it. Nothing of the page comes from elsewhere."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from ui.web.programs.ascii import AsciiResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
DESCRIPTION = (
    "Questions to a news archive, answered in its own words with exact quotes. A field that is not known is refused, with the "
    "nearest one that is. Where the server has keys, send one as `Authorization: Bearer KEY`."
)
SCHEMES: dict[str, Any] = {"key": {"type": "http", "scheme": "bearer", "description": "a key, where the server has any"}}


def add_reference(app: FastAPI) -> None:
    """Adds `/openapi.json` and `/docs`."""
    page, script = ((files("ui.web") / name).read_bytes() for name in ("reference.html", "reference.js"))

    @app.get("/openapi.json", include_in_schema=False)
    def document() -> AsciiResponse:
        return AsciiResponse(_document(app))

    @app.get("/docs", include_in_schema=False)
    def show() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    @app.get("/dateline/reference.js", include_in_schema=False)
    def asset() -> Response:
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _document(app: FastAPI) -> dict[str, Any]:
    made = app.openapi()
    components = {**made.get("components", {}), "securitySchemes": SCHEMES}
    info = {"title": "Dateline", "version": version("dateline"), "description": DESCRIPTION}
    return {**made, "info": info, "components": components, "security": [{}, {"key": []}]}
