"""How many articles and independent outlets carry an answer, and who copied what it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.catalog import Catalog
from rag.conclude import find_times_in
from rag.origins import independent
from rag.types import Answer, Corroboration, Source


def corroborate(answer: Answer, catalog: Catalog, agreeing: Sequence[Source] = ()) -> Answer:
    """The answer with the copies of what it cites and the times that its quotes name. `agreeing` are articles that state the
    short answer too."""
    carrying = {source.id: source for source in (*(citation.source for citation in answer.citations), *agreeing)}
    copies = catalog.copies(list(carrying))
    sources = {**carrying, **{copy.source.id: copy.source for others in copies.values() for copy in others}}
    outlets = independent(list(sources.values()), catalog.groups(list(sources)))
    times = catalog.times(list({citation.source.id for citation in answer.citations}))
    cited = tuple(
        replace(each, copies=copies.get(each.source.id, ()), dates=find_times_in(each, times.get(each.source.id, ())))
        for each in answer.citations
    )
    return replace(answer, citations=cited, corroboration=Corroboration(outlets, len(sources)) if len(sources) > 1 else None)
