"""Everything that can go wrong, as one tree. A message names the file, URL or setting, and what to do next.

    DatelineError
    ├── UsageError             the call itself is wrong: a bad date, an empty question, an unknown setting
    ├── InputError             a file or record cannot be read as an article
    ├── StorageError           the archive on disk
    │   ├── ArchiveMissing     there is no archive at that path
    │   ├── ArchiveInUse       another process owns its indexes
    │   ├── ArchiveDamaged     an index lost data or cannot be opened
    │   └── FingerprintMismatch  made with another model or chunker
    ├── ModelError             a model is missing, is not the pinned one, or failed
    ├── UnsupportedSystem      the operating system lacks what Dateline needs
    └── LanguageModelError     a language model cannot be had, does not answer, or does not answer as it should
        └── PromptTooLong      the prompt has more tokens than the model takes

Only the command line and the web layer catch the root.
"""

from __future__ import annotations


class DatelineError(Exception):
    """The root of the tree above."""


class UsageError(DatelineError):
    """The call itself is wrong; calling again in the same way will not help."""


class InputError(DatelineError):
    """A file or a record of it cannot be read as an article."""


class StorageError(DatelineError):
    """The archive on disk cannot be used as asked."""


class ArchiveMissing(StorageError):
    """There is no archive at the path."""


class ArchiveInUse(StorageError):
    """Another process owns the indexes of this archive. `url` is where it serves, if it does."""

    def __init__(self, message: str, pid: int | None = None, url: str | None = None) -> None:
        super().__init__(message)
        self.pid = pid
        self.url = url


class ArchiveDamaged(StorageError):
    """An index lost data or cannot be opened; the catalog still holds everything."""


class FingerprintMismatch(StorageError):
    """The archive was made with another model or chunker than the settings name."""


class UnsupportedSystem(DatelineError):
    """The operating system lacks what Dateline needs of it."""


class ModelError(DatelineError):
    """A model is missing, is not the pinned one, or failed."""


class LanguageModelError(DatelineError):
    """A language model cannot be had, does not answer, or does not answer as it should. No message holds a key."""


class PromptTooLong(LanguageModelError):
    """The prompt has more tokens than the model takes."""
