"""The process that runs a GGUF model and serves it to the process that started it, and to nobody else.

It is told on standard input, in one line of JSON, which file to load, the key to ask of everyone, and how large a context to
keep. It listens on loopback at a port that is free, says on standard output where, and ends when standard input does: when
whoever started it closes it, or ends in any way.
"""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any

from rag.unix import limit_process, signal_input

LISTENS = "dateline-model-listens "
"""What the line begins with that says where; all other output is the library's."""
ERRORS_ALONE = 1


def end_with_standard_input() -> None:
    """From now on the end of standard input ends this process, even while the library holds Python up for a minute of loading.

    Anything to read, and the end of a pipe is that, raises SIGIO, which nobody handles.
    """
    signal_input(0)
    if select.select([0], [], [], 0)[0]:
        os._exit(0)  # it had ended before


def parameters(model: str, key: str, context: int) -> Any:
    """As the library takes them. One core is left to whoever asks: threads that wait for each other crawl where all are busy."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, _cores() - 1)
    params.cache_ram_mib = 0  # else it keeps old prompts in up to 8 GB
    params.enable_reasoning = 0
    params.endpoint_slots = params.ui = False
    params.verbosity = ERRORS_ALONE
    return params


def _cores() -> int:
    """Those that this process may use, where the system can tell."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def main() -> None:
    request = json.loads(os.read(0, 1 << 16))
    end_with_standard_input()
    limit_process()
    import xllamacpp

    try:
        server = xllamacpp.Server(parameters(request["model"], request["key"], request["context"]))
    except RuntimeError:  # the library has written the cause to standard error
        sys.exit(1)
    print(f"\n{LISTENS}{server.listening_address}", flush=True)
    while os.read(0, 1):
        pass
    os._exit(0)  # without the library's own farewell, which may take its time


if __name__ == "__main__":
    main()
