"""What the page costs a browser: bytes, first paint, long tasks, the way to the first answer, and memory after many questions.

    python -m eval.page_figures [--questions 200] [--json]

It serves the sample archive, and opens it in Chromium with a cold cache. Paint, bytes and long tasks are the browser's own
performance entries; the heap is what V8 still holds after garbage was collected.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.screenshot import ANSWER_SECONDS, CHROMIUM, SIZE, serve_sample
from rag.errors import DatelineError

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

QUESTIONS = (
    "Who won the mayoral election in Tarnholm?",
    "Why did St. Orrin’s Hospital put off operations during the strike?",
    "At what hour did the boat crews in Port Maravel stop working?",
    "How many homes were destroyed by the fire in the Thornback Hills?",
    "How large was Karsovia’s budget deficit in 2024?",
)
LISTEN = """
window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((each) => window.longTasks.push(each.duration)))
  .observe({ type: "longtask", buffered: true });
"""
PAINT = """() => {
  const entries = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return {
    paint: painted ? painted.startTime : null,
    bytes: entries.reduce((sum, each) => sum + each.transferSize, 0),
    requests: entries.length,
    long: window.longTasks,
  };
}"""
MB = 1_000_000

Figures = Mapping[str, float | int | None]


def measure(url: str, questions: int) -> Figures:
    """The figures of the page at `url`, after each of `questions` was asked in one conversation after the other."""
    from playwright.sync_api import Error, sync_playwright

    if not CHROMIUM.exists():
        raise DatelineError(f"there is no browser at {CHROMIUM}; install Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(ANSWER_SECONDS * 1000)
        page.add_init_script(LISTEN)
        try:
            session = page.context.new_cdp_session(page)
            return {**_load(page, url), **_ask(page, session, questions)}
        except Error as error:
            raise DatelineError(f"the page was not as expected: {str(error).splitlines()[0]}") from error
        finally:
            browser.close()


def _load(page: Page, url: str) -> Figures:
    page.goto(url)
    page.locator("#masthead .name").wait_for()
    page.locator("#send").wait_for()
    ready = page.evaluate("performance.now()")
    seen = page.evaluate(PAINT)
    return {
        "first contentful paint (ms)": seen["paint"] and round(seen["paint"]),
        "ready for a question (ms)": round(ready),
        "bytes over the wire": seen["bytes"],
        "requests": seen["requests"],
        "long tasks while loading": len(seen["long"]),
        "longest of them (ms)": round(max(seen["long"], default=0)),
    }


def _ask(page: Page, session: CDPSession, questions: int) -> Figures:
    before = _heap(page, session)
    page.evaluate("window.longTasks.length = 0")
    for question in islice(cycle(QUESTIONS), questions):
        ask(page, question)
    long = page.evaluate("window.longTasks")
    after = _heap(page, session)
    return {
        "questions asked": questions,
        "heap before (MB)": round(before[0], 1),
        "heap after (MB)": round(after[0], 1),
        "nodes before": before[1],
        "nodes after": after[1],
        "long tasks a question": round(len(long) / max(1, questions), 2),
        "longest while asking (ms)": round(max(long, default=0)),
    }


def ask(page: Page, question: str) -> None:
    """Asks, and waits until the answer is whole."""
    page.evaluate("document.querySelector('#current .exchange')?.setAttribute('data-seen', '')")
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    page.locator("#current .exchange:not([data-seen]):not(:has(.working))").wait_for()


def _heap(page: Page, session: CDPSession) -> tuple[float, int]:
    """MB of the heap that are still in use, and how many nodes the document has."""
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / MB, page.evaluate("document.getElementsByTagName('*').length")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure what the page costs a browser.")
    parser.add_argument("--questions", type=int, default=200, metavar="N")
    parser.add_argument("--url", help="a page that is served already, in place of the sample's")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        if given.url:
            figures = measure(given.url, given.questions)
        else:
            with serve_sample(Path(folder)) as url:
                figures = measure(url, given.questions)
    print(json.dumps(figures) if given.json else table(figures))


def table(figures: Figures) -> str:
    """As Markdown."""
    rows = [f"| {name} | {'–' if value is None else f'{value:,}'} |" for name, value in figures.items()]
    return "\n".join(["| Measure | Value |", "|---|---|", *rows])


if __name__ == "__main__":
    try:
        main()
    except DatelineError as error:
        sys.exit(str(error))
