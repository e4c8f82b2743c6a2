"""What comes of asking for a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page in the file `body`. `url` is where it was found in the end, after redirects; the rest is what its server said."""

    url: str
    body: Path
    media_type: str | None
    charset: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The page at `url` is as it was when its server named the state that was asked about."""

    url: str
