"""What there is, over HTTP: articles a page at a time, one article, outlets and days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams

from rag.nearest import refuse_unknown
from rag.request import read_listing
from ui.fields import FILTERS, LISTING
from ui.render import article_json, list_json, plain_json
from ui.web.programs.article_documents import ArticleDocument, DaysDocument, ListingDocument, OutletsDocument
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Asking
from ui.web.programs.described import gives, takes
from ui.web.programs.documents import Problem


def make_listing_routes(asking: Asking) -> APIRouter:
    router = APIRouter(default_response_class=AsciiResponse, tags=["Articles"])
    rag = asking.rag

    @router.get(
        "/articles", response_model=None, responses=gives(ListingDocument, "a page of articles"), openapi_extra=takes(LISTING)
    )
    def articles(request: Request) -> AsciiResponse:
        """Articles, newest first, a page at a time."""
        page = rag.articles(**_read_given(request.query_params, LISTING))
        return AsciiResponse({"articles": [list_json(source) for source in page.sources], "next": page.next})

    missing: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "there is no such article"}}

    @router.get("/articles/{id:path}", response_model=None, responses={**gives(ArticleDocument, "the article"), **missing})
    def article(id: str) -> AsciiResponse:
        """An article with its text, its versions and the times that it names."""
        catalog = rag.archive.catalog
        found = catalog.article(id)
        if found is None:
            detail = f"there is no article {id[:200]!r} in the archive; GET /api/articles lists those there are"
            return AsciiResponse({"detail": detail}, 404)
        return AsciiResponse(article_json(found, catalog.versions(id), catalog.times([id]).get(id, ())))

    @router.get("/outlets", response_model=None, responses={**gives(OutletsDocument, "the outlets, the largest first")})
    def outlets() -> AsciiResponse:
        """The outlets with their numbers of articles."""
        return AsciiResponse({"outlets": plain_json(rag.tally_outlets())})

    of_days = takes((*FILTERS, "limit"))

    @router.get("/days", response_model=None, responses=gives(DaysDocument, "days, newest first"), openapi_extra=of_days)
    def days(request: Request) -> AsciiResponse:
        """The days on which articles were published, with their numbers."""
        return AsciiResponse({"days": plain_json(rag.tally_days(**_read_given(request.query_params, (*FILTERS, "limit"))))})

    return router


def _read_given(query: QueryParams, known: tuple[str, ...]) -> Mapping[str, Any]:
    """The fields behind the ? of an address. Raises UsageError for one that is not known or cannot be."""
    shown = tuple("outlet" if name == "outlets" else name for name in known)
    refuse_unknown(query, shown, "parameter")
    fields: dict[str, Any] = {name: query[name] for name in known if name in query and name != "outlets"}
    if outlets := query.getlist("outlet"):
        fields["outlets"] = outlets
    if "limit" in fields and fields["limit"].isdecimal():
        fields["limit"] = int(fields["limit"][:9])
    return read_listing(fields)
