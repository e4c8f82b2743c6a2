"""An archive that another process serves, as the same `Rag`."""

from rag.remote.client import RemoteRag

__all__ = ["RemoteRag"]
