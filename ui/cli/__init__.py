"""The command line, one file a group of commands.

Each command parses, calls the library, prints. Importing this package imports no model, no index and no server, so that
`--help` answers at once: heavy imports are inside the commands.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from ui.cli.own import foreign_package

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command that `sys.argv` names, once it is certain that the packages in use are Dateline's own."""
    if fault := foreign_package():
        sys.exit(f"dateline: {fault}")
    from ui.cli.app import main as run

    run()
