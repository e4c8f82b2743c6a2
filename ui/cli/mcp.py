"""`dateline mcp`: the archive for a program that speaks the Model Context Protocol."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from rag.errors import UsageError
from ui.cli.options import Index, settings_for
from ui.cli.output import results, say

Http = Annotated[bool, typer.Option("--http", help="Serve by streamable HTTP instead of standard input and output.")]
Host = Annotated[str, typer.Option("--host", help="With --http: the address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="With --http: the port to listen on.")]
EXTRA = 'the package "mcp" is not installed: pip install "dateline[mcp]"'


def mcp(index: Index = None, http: Http = False, host: Host = "127.0.0.1", port: Port = 7861) -> None:
    """Serve the archive to a program that speaks MCP, as its tools and resources.

    Without --http the program starts this command itself and speaks to it on standard input and output.
    """
    if find_spec("mcp") is None:
        raise UsageError(EXTRA)
    from ui.cli.desk import open_rag
    from ui.cli.serve import address_of, check_address

    settings = settings_for(index)
    if http:
        check_address(host, port, with_keys=settings.api_keys_file is not None)
    with results() as out, open_rag(settings) as rag:
        from ui.mcp.run import run_on_port, run_on_streams

        if http:
            say(f"MCP at {address_of(host, port)}/mcp (Ctrl-C stops)")
            run_on_port(rag, host, port)
        else:
            run_on_streams(rag, out.buffer)
