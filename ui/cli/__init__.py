"""The command line, one file a group of commands.

Each command parses, calls the library, prints. Importing this package imports no model, no index and no server, so that
`--help` answers at once: heavy imports are inside the commands.
"""

from __future__ import annotations

from ui.cli.app import main

__all__ = ["main"]
