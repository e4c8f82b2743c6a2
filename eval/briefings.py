"""How long a briefing takes over an archive, and its first line, which comes with the rest.

    python -m eval.briefings --index DIR TOPIC...

Each topic is asked for several times; printed are the articles that it was told from and the median in milliseconds.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Annotated

import typer

from eval.terminal import run, say, table
from rag.forms import Coverage


def main(
    topics: Annotated[list[str], typer.Argument(help="What to be briefed on.")],
    index: Annotated[Path, typer.Option(help="The archive.")],
    times: Annotated[int, typer.Option(min=1, help="How often each is asked for.")] = 5,
) -> None:
    """Measure the time of a briefing."""
    from rag import Rag

    with Rag.open(index) as rag:
        rag.brief(topics[0])  # what loads once is not counted
        rows = []
        for topic in topics:
            taken = []
            for _ in range(times):
                started = time.perf_counter()
                answer = rag.brief(topic)
                taken.append((time.perf_counter() - started) * 1000)
            articles = next((part.articles for part in answer.parts if isinstance(part, Coverage)), 0)
            rows.append((topic, str(articles), f"{statistics.median(taken):.0f}"))
    say(table(("topic", "articles", "median in ms"), rows))


if __name__ == "__main__":
    run(main)
