"""An answer that is made in a thread, followed from the event loop, and ended when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor

from rag.types import Answer

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25


async def follow(answers: Iterator[Answer], tick: float = TICK_SECONDS) -> AsyncGenerator[Answer | None]:
    """Each answer as it comes, and None after every `tick` seconds without one, so that the caller can look whether to go on.

    Whatever ends the iteration, `answers` is closed: at once, or as soon as the step it is in has ended.
    """
    loop = asyncio.get_running_loop()
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")
    try:
        while True:
            step = loop.run_in_executor(worker, next, answers, None)
            while not step.done():
                await asyncio.wait({step}, timeout=tick)
                if not step.done():
                    yield None
            if (answer := step.result()) is None:
                return
            yield answer
    finally:
        worker.submit(_close, answers)
        worker.shutdown(wait=False)


async def tick_until(over: Callable[[], bool], tick: float = TICK_SECONDS) -> AsyncGenerator[None]:
    """At once, after every `tick` seconds, and once more when it is `over`."""
    while not over():
        yield None
        await asyncio.sleep(tick)
    yield None


def _close(answers: Iterator[Answer]) -> None:
    if isinstance(answers, Generator):
        try:
            answers.close()
        except Exception as error:  # nobody reads it any more
            logger.warning("an answer that nobody waits for any more ended badly: %s", error)
