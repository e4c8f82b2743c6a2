"""Traces: all that went into an answer and came out of it, as one JSON file, from which it can be made again.

A trace has the question, its rewrite and filters, every passage with its score, and of a language model the prompt, its words and
what came of checking each sentence. No setting goes into it, and so no key.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rag.errors import InputError, UsageError
from rag.log import log_fault
from rag.request import read_question
from rag.types import Answer, Question

logger = logging.getLogger(__name__)

FORMAT = 1
LEFT_OUT = {"cancelled"}
FOUND_LATER = {"scopes", "behind", "llm"}
"""Fields of a question in a trace that are not asked with: what was found in it, and who worded the answer then."""


def trace_json(answer: Answer) -> dict[str, Any]:
    """The answer with all that it was made from, as JSON has it."""
    made = datetime.now(UTC).isoformat(timespec="milliseconds")
    plain = _plain(answer)
    understood = plain.pop("understood")  # flat, as in the answers of the contract
    return {
        "format": FORMAT,
        "dateline": version("dateline"),
        "made": made,
        **plain,
        **understood,
        "struck": _plain(answer.struck),
    }


def save_trace(answer: Answer, folder: Path) -> Answer:
    """Writes the trace into `folder`; the answer has a notice that says where, or why it could not be."""
    trace = trace_json(answer)
    text = json.dumps(trace, indent=1)
    name = f"{trace['made'][:19].replace(':', '')}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}.json"
    try:
        write_trace(text, folder.expanduser() / name)
    except OSError as error:
        notice = f"The trace could not be saved in {folder}: {error.strerror or error}."
        log_fault(logger, notice)
        return replace(answer, notices=(*answer.notices, notice))
    return replace(answer, notices=(*answer.notices, f"Trace: {folder.expanduser() / name}"))


def write_trace(text: str, path: Path) -> None:
    """The whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def read_trace(path: Path) -> dict[str, Any]:
    """The trace at `path`. Raises InputError for what is none."""
    try:
        trace = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise InputError(f"{path} is no trace: {error}") from error
    if not isinstance(trace, dict) or trace.get("format") != FORMAT or not isinstance(trace.get("question"), dict):
        raise InputError(f"{path} is no trace of an answer; `dateline ask --trace FILE` writes one")
    return trace


def question_of(trace: Mapping[str, Any]) -> Question:
    """The question that a trace is of, asked of the settings' language model. Raises InputError when it is not whole."""
    try:
        asked = {name: value for name, value in trace["question"].items() if name not in FOUND_LATER}
        filters = dict(asked.pop("filters"))
        last = filters.pop("before")
        limits = {"until": date.fromisoformat(last) - timedelta(days=1) if last else None, **filters}
        return read_question({"question": asked.pop("text"), **asked, **limits})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"the trace's question is not whole: {error}") from error
    except UsageError as error:
        raise InputError(f"the trace's question cannot be asked: {error}") from error


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in LEFT_OUT}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
