"""Values as programs export them, to what a record takes: wrapped with their type, listed, or written as programs print them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from email.utils import parseaddr

MAX_LINE = 1_000
MAX_LISTED = 20_000
"""A longer list that is written as a string is no list of authors."""
DEPTH = 6

_WRAPPERS = ("$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid", "rendered", "#text",
             "@value", "$t")  # fmt: skip
"""Keys under which databases and programs that write JSON put a value that has a type or attributes."""
_TEXTS = ("headline", "summary", "text", "content", "data", "paragraphs", "sections", "blocks", "children", "body", "value")
"""Keys of an object under which parts of a text stand, in its order."""
_NAMES = ("name", "title", "main", "original", "display_name", "full_name", "id")
_FIRST_NAMES, _LAST_NAMES = ("first_name", "firstname", "given_name"), ("last_name", "lastname", "family_name")
_NOTHING = frozenset("nan nat null none n/a".split())  # noqa: SIM905
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BETWEEN_AUTHORS = re.compile(r"\s*[,|&]\s*|\s+(?:and|und|et)\s+", re.IGNORECASE)
_APART = re.compile(r"\s*[;|]\s*")
_AND = re.compile(r"\s+(?:and|und|et|&)\s+|\s*[;|]\s*", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:(?i:by):?\s+|(?:Von|Par|Por)\s+(?=[A-ZÀ-Þ]))")
_REVERSED = re.compile(r"([A-Z][\w'’-]*[a-z]),\s+([A-Z][\w'’-]*[a-z])")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_IN_ANGLES = re.compile(r"(?<=\w)\s*<[^<>]*>")
_IN_BRACKETS = re.compile(r"\S+@\S+\s*\(([^()]+)\)")


def unwrap_value(value: object) -> object:
    """The value in what a database export wraps with its type: `{"$date": "2025-03-07"}`."""
    for _ in range(DEPTH):
        if not isinstance(value, dict) or (key := next((key for key in _WRAPPERS if key in value), None)) is None:
            break
        value = value[key]
    return value


def single(value: object) -> object:
    """The first value that is not blank, where a list stands for one value."""
    value = unwrap_value(value)
    for _ in range(DEPTH):
        if not isinstance(value, list):
            break
        value = next((unwrap_value(item) for item in value if not is_blank(item)), None)
    return value


def is_blank(value: object) -> bool:
    """Whether nothing stands there: an empty or blank string, or a list of such."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(item is None or (isinstance(item, str) and not item.strip()) for item in value)
    return value is None or value == {} or value != value  # NaN alone differs from itself


def is_nothing(value: object) -> bool:
    """Whether it is blank, or a word that programs write for nothing."""
    return is_blank(value) or (isinstance(value, str) and value.strip().casefold() in _NOTHING)


def paragraphs_of(value: object) -> str:
    """The text of a string, of a list of paragraphs, or of an object that holds parts of it."""
    return "\n\n".join(part for part in _parts(value, DEPTH) if part.strip())


def _parts(value: object, depth: int) -> Iterator[str]:
    value = unwrap_value(value)
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, list):
        for item in value:
            yield from _parts(item, depth - 1)
    elif depth and isinstance(value, Mapping):
        for key in _TEXTS:
            if key in value:
                yield from _parts(value[key], depth - 1)


def words_of(value: object) -> str | None:
    """One line of words: a string, a number, or the name in an object; None when there are none."""
    value = single(value)
    if isinstance(value, Mapping):
        value = single(next((value[name] for name in _NAMES if not is_blank(value.get(name))), None))
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:MAX_LINE].strip() or None


def authors_of(value: object) -> tuple[str, ...]:
    """Names from one string ("By A and B", "['A', 'B']"), a list of strings, or of objects with a name; no addresses."""
    value = _parse_list(unwrap_value(value))
    if isinstance(value, str):
        line = _BY.sub("", value)
        names = [name for part in _APART.split(line) for name in _split(part)]
    else:
        given = (_name(item) for item in (value if isinstance(value, list) else [value]))
        names = [name for item in given if item for name in _AND.split(item)]
    return tuple(dict.fromkeys(name for written in names if (name := _person(written)) and not is_nothing(name)))


def _split(line: str) -> list[str]:
    """The names in a line; one that is written with its last name first is one."""
    named = _IN_ANGLES.sub("", line)
    return [line] if _REVERSED.fullmatch(named.strip()) or _ADDRESS.search(named) else _BETWEEN_AUTHORS.split(named)


def _parse_list(value: object) -> object:
    """The list that a string is when a program printed one."""
    if isinstance(value, str) and value.strip()[:1] == "[" and value.strip()[-1:] == "]" and len(value) <= MAX_LISTED:
        try:
            found = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return value.strip()[1:-1]
        return found if isinstance(found, list) else value
    return value


def _name(value: object) -> str | None:
    if isinstance(value, Mapping) and not any(not is_blank(value.get(name)) for name in _NAMES[:-1]):
        plain = {str(key).casefold(): part for key, part in value.items()}
        parts = (next((words_of(plain[key]) for key in keys if key in plain), None) for keys in (_FIRST_NAMES, _LAST_NAMES))
        return " ".join(filter(None, parts)) or words_of(value)
    return words_of(value)


def _person(written: str) -> str | None:
    """A name without "By" and without the address that stands with it; None where there is but an address."""
    name = _BY.sub("", written)
    if found := _IN_BRACKETS.search(name):
        name = found[1]
    elif "@" in name and "<" in name:
        name = parseaddr(name)[0]
    return words_of(_ADDRESS.sub(" ", name).strip(" ,;<>()"))


def number_or_text(value: object) -> str:
    """One spelling for a number, however it is written: 1e9 and 1000000000 are the same."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
