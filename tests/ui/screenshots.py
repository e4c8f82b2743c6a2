"""Pictures of the page over the sample archive, at four widths and in both schemes: `python -m tests.ui.screenshots FOLDER`.

They are made anew rather than kept, so that none can show a page that is no more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import Browser, Page, expect, sync_playwright

from ingest.pipeline import ingest
from rag.pipeline import Rag
from rag.settings import load_settings
from tests.ui.serving import CHROMIUM, CHROMIUM_ARGUMENTS, eventually
from ui.web import create_app
from ui.web.server import Server, listen

WIDTHS = (390, 900, 1280, 1920)
PATIENCE_MS = 120_000
QUESTIONS = {
    "fact": "At what hour did the boat crews in Port Maravel stop working?",
    "disputed": "How many homes were destroyed by the fire in the Thornback Hills?",
    "timeline": "What happened in the fire in the Thornback Hills, day by day?",
    "silent": "How large was Karsovia’s budget deficit in 2024?",
}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the sample archive, ingested into `folder`."""
    settings = load_settings(index=folder)
    with as_file(files("eval") / "sample" / "articles") as articles:
        ingest([str(articles)], folder, settings)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with Rag.open(settings=settings) as rag:
        server = Server(create_app(rag, port=port))
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        eventually(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.handle_exit(15, None)
            thread.join()
            listener.close()


def pictures(page: Page, address: str, folder: Path, name: str) -> None:
    page.goto(address)
    expect(page.locator("#examples [data-ask]").first).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=folder / f"empty-{name}.png")
    for kind, question in QUESTIONS.items():
        page.get_by_label("Your question").fill(question)
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#current .asked")).to_have_text(question, timeout=PATIENCE_MS)
        expect(page.locator("#current .deeds")).to_be_visible(timeout=PATIENCE_MS)
        if kind == "fact":
            page.locator("#current .cite").first.click()
            expect(page.locator("#source .opened")).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=folder / f"{kind}-{name}.png")
    page.goto(f"{address}/dateline/library")
    page.screenshot(path=folder / f"library-{name}.png")


def every(browser: Browser, address: str, folder: Path) -> None:
    for width in WIDTHS:
        for theme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 860}, color_scheme=theme)
            pictures(context.new_page(), address, folder, f"{width}-{theme}")
            context.close()


def main(folder: str) -> None:
    with TemporaryDirectory() as index, served(Path(index)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        Path(folder).mkdir(parents=True, exist_ok=True)
        every(browser, address, Path(folder))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
