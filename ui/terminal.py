"""The JSON documents of `ui.render` as a person reads them in a terminal.

Everything shown goes through `plain` and is printed as `rich.text.Text`, never as markup: an article can neither colour the
screen nor move the cursor nor rewrite what stands above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from ui.render import Json
from ui.silence import beyond
from ui.status import summary

if TYPE_CHECKING:
    from ingest.report import Outcome

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but tab and newline, overrides of the writing direction, and halves of surrogate pairs."""
FAIR, HIGH = 0.5, 0.75
"""Confidence from which an answer is called fairly and quite sure."""
_NEAREST = 5
_COPIES = 5
_COUNTS = ("stored", "unchanged", "replaced", "skipped", "failed", "removed")


def plain(text: object) -> str:
    return _UNPRINTABLE.sub("", str(text))


def one_line(text: object) -> str:
    return " ".join(plain(text).split())


def format_outcome(outcome: Outcome) -> str:
    """What became of a file or record, in one line."""
    line = f", line {outcome.line}" if outcome.line else ""
    day = f" ({outcome.published.isoformat()[:10]} by its {outcome.published_from})" if outcome.published else ""
    title = f": {outcome.title}{day}" if outcome.title else ""
    return f"{outcome.outcome} {outcome.path}{line}{title}{f'; {outcome.reason}' if outcome.reason else ''}"


class Page:
    """Lines of text on `stream`: wrapped and styled in a terminal, whole and bare in a pipe."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """Each part is text, or text with its style."""
        text = Text.assemble(
            " " * indent, *((plain(part[0]), part[1]) if isinstance(part, tuple) else plain(part) for part in parts)
        )
        self._console.print(text, soft_wrap=not self._console.is_terminal)

    def answer(self, document: Json) -> None:
        if document["standalone_question"] != document["question"]:
            self.line((f"Understood as: {one_line(document['standalone_question'])}", "dim"))
        if inferred := document.get("inferred"):
            self.line((f"Looked first in: {'; '.join(one_line(scope['means']) for scope in inferred)}", "dim"))
        if document["status"] == "abstained":
            self._abstention(document)
            return
        if document["short_answer"]:
            self.line((one_line(document["short_answer"]), "bold"))
        if document.get("parts"):
            self._story(document)
            return
        struck = document.get("struck", ()) if document.get("show_struck") else ()
        for place in range(len(document["sentences"]) + 1):
            for one in (one for one in struck if one["after"] == place):
                self.line(("unsupported: ", "red"), (one_line(one["text"]), "strike"), (f" ({one_line(one['reason'])})", "dim"))
            for sentence in document["sentences"][place : place + 1]:
                self.line(sentence["text"], (" " + "".join(f"[{number}]" for number in sentence["citations"]), "cyan"))
        self._sure(document)
        self._citations(document)

    def _sure(self, document: Json) -> None:
        """How sure an answer from articles is, and how many independent outlets carry it."""
        if document["citations"]:
            told = document.get("corroboration")
            carried = [format_corroboration(told["independent_outlets"], told["articles"])] if told else []
            chance = document["confidence"]
            known = [] if chance is None else [f"{sure(chance)} ({chance:.0%})"]
            if known or carried:
                self.line((" · ".join([*known, *carried]), "dim"))

    def _story(self, document: Json) -> None:
        """The lines that are the archive's own account, then the parts under their headings, and what they rest on."""
        from ui.story import foot, sections

        for sentence in document["sentences"]:
            if not sentence["citations"]:
                self.line(sentence["text"])
        for heading, lines in sections(document):
            if heading:
                self.line((heading, "bold"))
            for before, text, numbers in lines:
                marks = (" " + "".join(f"[{number}]" for number in numbers), "cyan")
                self.line((f"{one_line(before)}: " if before else "", "bold"), one_line(text), marks, indent=2 * bool(heading))
        if ending := foot(document):
            self.line((ending, "dim"))
        self._sure(document)
        self._citations(document)

    def _citations(self, document: Json) -> None:
        if document["citations"]:
            self.line()
        for citation in document["citations"]:
            self.line((f"[{citation['number']}] ", "cyan"), (provenance(citation), "bold"))
            self.line(*format_dated_quote(citation), indent=4)
            self.line((f"{citation['article_id']} · {citation['url'] or 'no URL'}", "dim"), indent=4)
            if copies := citation.get("copies"):
                shown = "; ".join(one_line(copy["outlet"] or copy["title"]) for copy in copies[:_COPIES])
                more = f" and {len(copies) - _COPIES} more" if len(copies) > _COPIES else ""
                self.line((f"also in {shown}{more}", "dim"), indent=4)

    def _abstention(self, document: Json) -> None:
        self.line(("The archive does not answer this.", "bold"), f" {one_line(beyond(document['reason']))}")
        nearest = list({passage["article_id"]: passage for passage in document["passages"]}.values())[:_NEAREST]
        if nearest:
            self.line()
            self.line("Nearest articles:")
        for passage in nearest:
            self.line(f"- {provenance(passage)} ", (f"({passage['article_id']})", "dim"), indent=2)

    def hits(self, document: Json) -> None:
        if not document["hits"]:
            self.line("Nothing in the archive passes these filters and fits these words.")
        for rank, hit in enumerate(document["hits"], start=1):
            self.line((f"{rank}. ", "cyan"), (provenance(hit), "bold"), (f"  {hit['score']:.4f}", "dim"))
            text, title = one_line(hit["text"]), one_line(hit["title"] or "")
            self.line(text.removeprefix(title).lstrip() or text, indent=4)  # the title stands above it
            self.line((f"{hit['article_id']} {hit['start']}–{hit['end']}", "dim"), indent=4)

    def article(self, document: Json) -> None:
        self.line((provenance(document), "bold"))
        self.line((f"{document['id']} · {document['url'] or 'no URL'} · version {max(1, len(document['versions']))}", "dim"))
        self.line()
        self.line(document["text"])

    def report(self, document: Json) -> None:
        """The counts, then each reason once with the number of files or records it holds for and the first of them, then what
        was noted of articles that are stored."""
        counts = ", ".join(f"{document[key]} {key}" for key in _COUNTS if key in document)
        self.line((counts, "bold"), f" in {document['seconds']:.1f} s{', then stopped' if document.get('interrupted') else ''}")
        without = [item for item in document["articles"] if item["outcome"] in ("skipped", "failed")]
        for (outcome, reason), count in Counter((item["outcome"], item["reason"]) for item in without).most_common():
            first = next(item for item in without if (item["outcome"], item["reason"]) == (outcome, reason))
            place = first["path"] + (f", line {first['line']}" if first.get("line") else "")
            more = f" and {count - 1} more" if count > 1 else ""
            self.line(
                (f"{outcome}: ", "red" if outcome == "failed" else "yellow"), f"{one_line(reason)} ({place}{more})", indent=2
            )

        kept = [item for item in document["articles"] if item["outcome"] not in ("skipped", "failed") and item.get("codes")]
        for code, count in Counter(code for item in kept for code in item["codes"]).most_common():
            first = next(item for item in kept if code in item["codes"])
            place = first["path"] + (f", line {first['line']}" if first.get("line") else "")
            more = f" and {count - 1} more" if count > 1 else ""
            self.line((f"{code.replace('-', ' ')}: ", "yellow"), f"{one_line(first['reason'] or '')} ({place}{more})", indent=2)

    def preview(self, document: Json) -> None:
        """What would be stored, an article a line with its date and how that is known; then the report."""
        for item in document["articles"]:
            if item["outcome"] in ("stored", "replaced"):
                day = f"{item['published'][:10]} ({item['published_from']})" if item["published"] else "no date"
                self.line((f"{day}  ", "dim"), f"{one_line(item['title'])}", f" · {item['outlet']}" if item["outlet"] else "")
        self.line("nothing has been stored; an ingest would give:")
        self.report(document)

    def status(self, document: Json) -> None:
        """The archive in a few lines; `facts` tells all of it."""
        for told in summary(document):
            self.line(told)

    def facts(self, document: Json, indent: int = 0) -> None:
        """Names and values, one a line; what is nested is indented under its name."""
        for name, value in document.items():
            label = name.replace("_", " ")
            if isinstance(value, dict) and value:
                self.line(f"{label}:", indent=indent)
                self.facts(value, indent + 2)
            elif _is_table(value):
                self.line(f"{label}:", indent=indent)
                self._rows(value, indent + 2)
            else:
                self.line(f"{label}: {_value(value)}", indent=indent)

    def _rows(self, rows: Sequence[Json], indent: int) -> None:
        for row in rows:
            known = [value for value in row.values() if value not in (None, "", [], {}) and not _is_table(value)]
            self.line("- " + " · ".join(_value(value) for value in known), indent=indent)
            for value in row.values():
                if _is_table(value):
                    self._rows(value, indent + 4)


def sure(confidence: float) -> str:
    """A confidence in words, the same in the terminal and in the page."""
    return "Quite sure" if confidence >= HIGH else "Fairly sure" if confidence >= FAIR else "Not sure"


def format_corroboration(outlets: int, articles: int) -> str:
    return f"{outlets} independent outlet{'s' * (outlets != 1)}, {articles} article{'s' * (articles != 1)}"


def provenance(document: Json) -> str:
    """Outlet, day and title, as a reader would cite the article."""
    return one_line(" · ".join((document["outlet"] or "unknown outlet", _day(document["published"]), document["title"])))


def _day(published: str | None) -> str:
    """4 August 2025 for 2025-08-04 with or without a time."""
    from rag.days import long_day

    return long_day(date.fromisoformat(published[:10])) if published else "undated"


def format_dated_quote(citation: Json) -> list[str | tuple[str, str]]:
    """The quote in quotation marks, and after each time in it the days that it means, which are no part of the quote."""
    quote = quote_text(citation["quote"])
    parts: list[str | tuple[str, str]] = []
    at = 0
    for time in citation.get("dates", ()):
        found = quote.find(one_line(time["text"]), at)
        if found >= 0:
            end = found + len(one_line(time["text"]))
            parts += [quote[at:end], (f" [{time['means']}]", "dim")]
            at = end
    return [*parts, quote[at:]]


def quote_text(text: str) -> str:
    line = one_line(text)
    return line if line.startswith("“") else f"“{line}”"


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: object) -> str:
    if value in (None, "", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{each} {name}" for name, each in value.items() if each) or "nothing"
    return one_line(", ".join(map(str, value)) if isinstance(value, list) else value)
