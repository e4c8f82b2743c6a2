"""A server of the scripted newsroom, one for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.newsroom import Newsroom
from tests.ui.serving import serving


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture(scope="module")
def address(newsroom: Newsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address
