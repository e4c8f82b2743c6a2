"""The archive directory: catalog, indexes, and what can be done with them as a whole."""

from rag.archive.archive import Archive, open_catalog
from rag.archive.backup import Backup, backup, restore
from rag.archive.compact import Compaction, compact
from rag.archive.doctor import Finding, doctor
from rag.archive.generation import Indexes
from rag.archive.move import Moved, move
from rag.archive.status import Status, status

__all__ = [
    "Archive", "Backup", "Compaction", "Finding", "Indexes", "Moved", "Status", "backup", "compact", "doctor", "move",
    "open_catalog", "restore", "status",
]  # fmt: skip
