"""What Prometheus reads at `/metrics`: how questions are answered, and how the archive is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from rag.types import Answer

if TYPE_CHECKING:
    from rag.pipeline import Rag

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
SILENT, FAILED, GIVEN_UP = "silent", "failed", "given up"


class Meter:
    """Counts what is asked. A registry of its own: two applications in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "dateline_questions", "Questions by how they ended", ["form", "outcome"], registry=self.registry
        )  # fmt: skip
        self._silences = Counter("dateline_silences", "Abstentions by their cause", ["cause"], registry=self.registry)
        self._seconds = Histogram(
            "dateline_answer_seconds", "Seconds to the whole answer", ["mode"], buckets=SECONDS, registry=self.registry
        )  # fmt: skip

    def answered(self, answer: Answer, seconds: float) -> None:
        silent = answer.status == "abstained"
        self._questions.labels(answer.form, SILENT if silent else answer.status).inc()
        if silent:
            self._silences.labels(answer.cause or "not answered").inc()
        self._seconds.labels(answer.mode.partition(":")[0]).observe(seconds)

    def ended(self, how: str) -> None:
        """A question that got no answer: it failed, or whoever asked hung up."""
        self._questions.labels("unknown", how).inc()


class Metered:
    """A `Rag` whose answers are counted."""

    def __init__(self, rag: Rag, meter: Meter) -> None:
        self._rag = rag
        self._meter = meter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rag, name)

    def stream(self, *arguments: Any, **options: Any) -> Iterator[Answer]:
        """Checked at once, as the own one does, and counted when its last answer has been read."""
        return self._count(self._rag.stream(*arguments, **options))

    def brief(self, *arguments: Any, **options: Any) -> Answer:
        return self._time(lambda: self._rag.brief(*arguments, **options))

    def timeline(self, *arguments: Any, **options: Any) -> Answer:
        return self._time(lambda: self._rag.timeline(*arguments, **options))

    def compare(self, *arguments: Any, **options: Any) -> Answer:
        return self._time(lambda: self._rag.compare(*arguments, **options))

    def _time(self, tell: Callable[[], Answer]) -> Answer:
        *_, last = self._count(iter([tell]), lambda told: told())
        return last

    def _count(self, answers: Iterator[Any], made: Callable[[Any], Answer] = lambda answer: answer) -> Iterator[Answer]:
        started, last = time.perf_counter(), None
        try:
            for each in answers:
                last = made(each)
                yield last
        except GeneratorExit:
            self._meter.ended(GIVEN_UP)
            if close := getattr(answers, "close", None):
                close()
            raise
        except Exception:
            self._meter.ended(FAILED)
            raise
        if last is not None:
            self._meter.answered(last, time.perf_counter() - started)


def count_with(rag: Rag, meter: Meter) -> Rag:
    """`rag`, counted by `meter`."""
    return cast("Rag", Metered(rag, meter))


class ArchiveState(Collector):
    """The archive as it is when it is looked at."""

    def __init__(self, rag: Rag, failure: Callable[[], str | None]) -> None:
        self._rag = rag
        self._failure = failure

    def collect(self) -> Iterator[Metric]:
        archive = self._rag.archive
        counts, sequence = archive.catalog.counts(), archive.catalog.sequence
        yield _gauge("dateline_articles", "Articles in the archive", counts.articles)
        yield _gauge("dateline_articles_undated", "Articles without a date", counts.undated)
        yield _gauge("dateline_chunks", "Chunks in the archive", counts.chunks)
        yield _gauge("dateline_catalog_change", "The number of the last change", sequence)
        yield _gauge(
            "dateline_index_lag_changes", "Changes that the indexes have not applied", max(0, sequence - archive.applied)
        )
        yield _gauge(
            "dateline_index_following",
            "1 while the indexes follow the catalog",
            float((self._failure() or archive.unheard) is None),
        )
        yield _gauge("dateline_notices", "What whoever asks should know of the archive", len(self._rag.notices))
        yield from self._last_ingest()
        built = GaugeMetricFamily("dateline_build_info", "The release", labels=["version"])
        built.add_metric([version("dateline")], 1)
        yield built

    def _last_ingest(self) -> Iterator[Metric]:
        (last, *_) = (*self._rag.archive.catalog.ingests(1), None)
        if last is None:
            return
        yield _gauge("dateline_last_ingest_started_seconds", "When the last ingest began, in Unix time", last.started.timestamp())
        if last.ended:
            taken = (last.ended - last.started).total_seconds()
            yield _gauge("dateline_last_ingest_duration_seconds", "How long the last ingest took", taken)
        outcomes = GaugeMetricFamily("dateline_last_ingest_articles", "Articles of the last ingest", labels=["outcome"])
        for outcome, count in last.counts.items():
            outcomes.add_metric([outcome], count)
        yield outcomes


def add_metrics(app: FastAPI, rag: Rag, meter: Meter) -> None:
    """Adds `/metrics`; `meter` is the one that counts this application's answers."""
    meter.registry.register(ArchiveState(rag, lambda: cast("str | None", app.state.follower.failure)))

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(meter.registry), media_type=CONTENT_TYPE_LATEST)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)
