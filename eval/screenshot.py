"""The pictures of the documentation: the page over the sample archive, really asked, in Chromium.

    python -m eval.screenshot [--folder docs]

It fails where a question is not answered, or a part of the page is not found, and so it cannot show what is no
longer true. Needs the development tools and Chromium.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal
from urllib.error import URLError
from urllib.request import urlopen

from rag.errors import DatelineError

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

DOCS = Path(__file__).parents[1] / "docs"
CHROMIUM = Path("/usr/bin/chromium")
SIZE: ViewportSize = {"width": 1200, "height": 820}
PHONE: ViewportSize = {"width": 390, "height": 820}
QUESTIONS = (
    "Who won the mayoral election in Tarnholm?",
    "Why did St. Orrin’s Hospital put off operations during the strike?",
)
"""Two of those that the README offers to try; its test asks them."""
DISPUTED = "How many homes were destroyed by the fire in the Thornback Hills?"
START_SECONDS, ANSWER_SECONDS = 300, 120


@dataclass(frozen=True, slots=True)
class Picture:
    """`show` brings the page, which is open, into the state that is to be seen."""

    name: str
    show: Callable[[Page], None]
    size: ViewportSize
    scheme: Literal["light", "dark"] = "light"


def show_conversation(page: Page) -> None:
    page.locator("#examples [data-ask]").first.wait_for()
    for question in QUESTIONS:
        ask(page, question)
        open_source(page)


def show_disputed(page: Page) -> None:
    ask(page, DISPUTED)
    page.locator("#current .side").nth(1).wait_for()


def show_on_phone(page: Page) -> None:
    ask(page, QUESTIONS[0])
    open_source(page)


def show_library(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    page.locator(".stock .card").first.wait_for()


def ask(page: Page, question: str) -> None:
    """Asks, and waits until the answer is whole."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    page.locator("#current .asked", has_text=question).wait_for()
    page.locator("#current .deeds").wait_for()


def open_source(page: Page) -> None:
    page.locator("#current .cite").first.click()
    page.locator("#source .opened").wait_for()


PICTURES = (
    Picture("screenshot.png", show_conversation, SIZE),
    Picture("page-differ.png", show_disputed, SIZE),
    Picture("page-library.png", show_library, SIZE, "dark"),
    Picture("page-phone.png", show_on_phone, PHONE),
)


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


def take(url: str, folder: Path, pictures: Sequence[Picture] = PICTURES) -> None:
    """Takes each picture of the page at `url`, and saves it in `folder`."""
    from playwright.sync_api import Error, sync_playwright

    if not CHROMIUM.exists():
        raise DatelineError(f"there is no browser at {CHROMIUM}; install Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        try:
            for picture in pictures:
                page = browser.new_page(viewport=picture.size, color_scheme=picture.scheme, reduced_motion="reduce")
                page.set_default_timeout(ANSWER_SECONDS * 1000)
                page.goto(url)
                picture.show(page)
                page.screenshot(path=str(folder / picture.name), animations="disabled")
                page.close()
        except Error as error:
            raise DatelineError(f"the page was not as expected: {str(error).splitlines()[0]}") from error
        finally:
            browser.close()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation anew.")
    parser.add_argument("--folder", type=Path, default=DOCS)
    folder = parser.parse_args(arguments).folder
    with TemporaryDirectory() as archive, serve_sample(Path(archive)) as url:
        take(url, folder)


if __name__ == "__main__":
    try:
        main()
    except DatelineError as error:
        sys.exit(str(error))
