"""The status of an archive as a person wants it: what it holds, whether it works, and what to do where it does not."""

from __future__ import annotations

from datetime import date, datetime

from ui.render import Json


def summary(document: Json) -> list[str]:
    """A line for each thing to know, of the document that `dateline status --json` prints."""
    lines = [
        _format_held(document),
        _format_indexes(document),
        _format_owner(document),
        _format_failures(document),
        *_runs(document),
    ]
    return [line for line in lines if line]


def _format_held(document: Json) -> str:
    counts = document["counts"]
    if not counts["articles"]:
        return f"{document['directory']} has no articles yet; `dateline ingest PATH` reads some"
    days = dict.fromkeys(_day(document[end]) for end in ("first_day", "last_day") if document[end])
    told = [_count(counts["articles"], "article"), f"of {_count(document['outlets'], 'outlet')}"]
    undated = f", {counts['undated']} without a date" if counts["undated"] else ""
    return f"{' '.join(told)}{', ' + ' to '.join(days) if days else ''}{undated}"


def _format_indexes(document: Json) -> str:
    size = sum(document["bytes"].values()) / 1_000_000
    on_disk = f"{size:,.1f} MB on the disk"
    if document["dense"] is None or document["lexical"] is None:
        return f"no indexes yet: they are made when it is next opened; {on_disk}" if document["counts"]["articles"] else ""
    behind = document["sequence"] - min(document["dense"], document["lexical"])
    return f"indexes {f'{behind} changes behind, which the next opening applies' if behind > 0 else 'up to date'}; {on_disk}"


def _format_owner(document: Json) -> str:
    owner = document["owner"]
    if not owner:
        return ""
    served = f", which serves it at {owner['url']}" if owner["url"] else ""
    return f"open in process {owner['pid']}{served}"


def _format_failures(document: Json) -> str:
    failing = [each["address"] for each in document["watched"] if each["failures"]]
    failed = _count(document["failed"], "file or page", "files or pages")
    told = [f"{failed} could not be read: `dateline ingest --retry` tries again"] if document["failed"] else []
    watched = document["watched"]
    told += [f"{_count(len(watched), 'source')} watched, {len(failing)} of them failing"] if watched else []
    return "; ".join(told)


def _runs(document: Json) -> list[str]:
    if not document["ingests"]:
        return []
    last = document["ingests"][0]
    counts = ", ".join(f"{count} {name}" for name, count in last["counts"].items() if count) or "nothing new"
    started = datetime.fromisoformat(last["started"])
    return [f"last ingest {_day(last['started'])} {started:%H:%M}, {last['state']}: {counts}"]


def _day(day: str) -> str:
    from rag.days import long_day

    return long_day(date.fromisoformat(day[:10]))


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
