"""The screenshot of the documentation: a conversation with the sample archive, really asked, in Chromium.

    python -m eval.screenshot [--out docs/screenshot.png]

It fails where a question is not answered, or a part of the page is not found, and so it cannot show what is no
longer true. Needs the development tools and Chromium.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from rag.errors import DatelineError

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

OUT = Path(__file__).parents[1] / "docs" / "screenshot.png"
CHROMIUM = Path("/usr/bin/chromium")
SIZE: ViewportSize = {"width": 1200, "height": 820}
QUESTIONS = (
    "Who won the mayoral election in Tarnholm?",
    "Why did St. Orrin’s Hospital put off operations during the strike?",
)
"""Two of those that the README offers to try; its test asks them."""
START_SECONDS, ANSWER_SECONDS = 300, 120


@contextmanager
def serve_sample(folder: Path) -> Iterator[str]:
    """The address of `dateline demo` with an archive of its own in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-c", "from ui.cli import main; main()", "demo", "--no-browser"]
    with subprocess.Popen([*program, "--port", str(port), "--index", str(folder / "archive")]) as server:
        try:
            wait_for(url, server)
            yield url
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Returns once `url` answers. Raises DatelineError where the server ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise DatelineError(f"`dateline demo` did not answer at {url}; start it by hand to see why")


def take(url: str, out: Path, questions: Sequence[str] = QUESTIONS) -> None:
    """Asks the questions one after the other, opens the last one's first source, and saves what the page then looks like."""
    from playwright.sync_api import Error, sync_playwright

    if not CHROMIUM.exists():
        raise DatelineError(f"there is no browser at {CHROMIUM}; install Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.set_default_timeout(ANSWER_SECONDS * 1000)
        try:
            page.goto(url)
            page.locator("#examples [data-ask]").first.wait_for()
            for question in questions:
                ask(page, question)
            page.screenshot(path=str(out), animations="disabled")
        except Error as error:
            raise DatelineError(f"the page was not as expected: {str(error).splitlines()[0]}") from error
        finally:
            browser.close()


def ask(page: Page, question: str) -> None:
    """Asks, waits for the answer, and opens its first source."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    page.locator("#current .asked", has_text=question).wait_for()
    page.locator("#current .deeds").wait_for()
    page.locator("#current .cite").first.click()
    page.locator("#source .opened").wait_for()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Take the screenshot of the documentation anew.")
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args(arguments).out
    with TemporaryDirectory() as folder, serve_sample(Path(folder)) as url:
        take(url, out)


if __name__ == "__main__":
    try:
        main()
    except DatelineError as error:
        sys.exit(str(error))
