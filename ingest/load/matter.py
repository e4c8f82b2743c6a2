"""Front matter: the fields that stand above a text, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

MAX_MATTER = 100_000

_YAML = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"\A\ufeff?(?=\{\s*\")")
_FIELD = re.compile(r"([A-Za-z][\w -]*):[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.+)")
_COMMENT = re.compile(r"\s+#.*\Z")


def split_matter(text: str) -> tuple[Mapping[str, object], str]:
    """The fields above a text, and the text below them."""
    if found := _YAML.match(text):
        return _yaml(found[1]), text[found.end() :]
    if found := _TOML.match(text):
        return _toml(found[1]), text[found.end() :]
    if found := _JSON.match(text):
        try:
            fields, end = json.JSONDecoder().raw_decode(text, found.end())
        except (ValueError, RecursionError):
            return {}, text
        return (fields, text[end:]) if text[end:].strip() else ({}, text)
    return {}, text


def _yaml(written: str) -> Mapping[str, object]:
    """Every value as it is written: a date is no number, and No is no truth value. What is no YAML is read line by line."""
    import yaml

    try:
        found = yaml.load(written[:MAX_MATTER], Loader=yaml.BaseLoader) if len(written) <= MAX_MATTER else None
    except (yaml.YAMLError, RecursionError, ValueError):
        found = None
    return found if isinstance(found, Mapping) else _lines(written)


def _toml(written: str) -> Mapping[str, object]:
    try:
        found = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError):
        return _lines(re.sub(r"^([\w-]+)\s*=\s*", r"\1: ", written, flags=re.MULTILINE))
    return {key: str(value) if not isinstance(value, str | list | dict) else value for key, value in found.items()}


def _lines(written: str) -> dict[str, object]:
    """`key: value` lines; a list is `[a, b]` or indented `- a` lines. The first of two names for one field counts."""
    fields: dict[str, object] = {}
    key = None
    for line in written.splitlines():
        if (item := _ITEM.fullmatch(line)) and key:
            held = fields.get(key)
            fields[key] = [*(held if isinstance(held, list) else []), _unquote(item[1])]
        elif found := _FIELD.fullmatch(line):
            key = found[1]
            fields.setdefault(key, _value(found[2]))
    return fields


def _value(written: str) -> object:
    if written.startswith("[") and written.rstrip().endswith("]"):
        return [_unquote(part) for part in written.strip()[1:-1].split(",") if part.strip()]
    return _unquote(written)


def _unquote(written: str) -> str:
    plain = _COMMENT.sub("", written).strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain
