"""How a day, a link or a confidence looks on the page: what its templates and files say of the nouns."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from rag.forms import Development
from rag.settings import NONE
from rag.types import Answer, Citation, Filters, Mention, Scope, Source, Struck
from rag.when import in_words
from ui import export
from ui.render import answer_json
from ui.terminal import FAIR, HIGH, format_corroboration
from ui.web import sources

UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text after them, with which a title can disguise itself."""
SHOWN_CHARACTERS = 160
LONGEST_WORD = 25
"""Characters; a longer one may be an address, which must be free to break."""


def showable(text: str) -> str:
    """`text` as any browser can take it: lone surrogates and control characters are replaced, one for one."""
    return UNSHOWABLE.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


def safe_link(url: str | None) -> str | None:
    """`url` if following it can only open a web page, else None."""
    try:
        parts = urlsplit(url or "")
        return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else None
    except ValueError:
        return None


def shelf_link(article_id: str) -> str:
    """Where the library shows an article."""
    return "/dateline/library/" + quote(article_id.encode("utf-8", "replace"), safe="")


def site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def day_in_words(value: date | datetime | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "no date"


def month_in_words(month: str) -> str:
    """A month as the library's addresses have it, "2024-03", in words; as it is where it is none."""
    try:
        return f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    except ValueError:
        return month


def days_in_words(time: Mention | Development) -> str:
    """The days that a time in an article means, or on which something happened."""
    return in_words(time.first, time.before)


def shortened(text: str) -> str:
    """The beginning and the end of what is the same in two versions, so that what differs is found."""
    if len(text) <= 3 * SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS].rsplit(' ', 1)[0]} … {text[-SHOWN_CHARACTERS:].split(' ', 1)[-1]}"


def span_in_words(days: tuple[date, date]) -> str:
    """One day, or two with "to" between them."""
    return " to ".join(dict.fromkeys(day_in_words(day) for day in days))


def provenance(source: Source) -> Markup:
    """Outlet and day as far as they are known, else the site; "" where nothing is. The outlet is read in its own direction."""
    outlet = source.outlet or (site(source.url) if source.url and safe_link(source.url) else "")
    named = Markup("<bdi>{}</bdi>").format(outlet) if outlet else Markup()
    return Markup(" · ").join(part for part in (named, day_in_words(source.published) if source.published else "") if part)


def citation(answer: Answer, number: int) -> Citation | None:
    return next((cited for cited in answer.citations if cited.number == number), None)


def copied(answer: Answer) -> str:
    """The answer as it is pasted elsewhere."""
    return export.text(answer_json(answer))


def level(confidence: float) -> str:
    return "high" if confidence >= HIGH else "fair" if confidence >= FAIR else "low"


def odds(confidence: float) -> str:
    """What a confidence means, for whoever asks."""
    advice = "Read the quotes before you rely on it." if confidence < HIGH else "The quotes show why."
    return f"Of a hundred answers as sure as this one about {confidence * 100:.0f} are right. {advice}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def parted(text: str) -> tuple[str, str]:
    """The text without its last word, and that word, so that no line ends between it and the numbers of its sources."""
    before, space, last = text.rpartition(" ")
    return (before + space, last) if len(last) < LONGEST_WORD else (text, "")


def outlets_that_say_it(answer: Answer) -> str:
    """How many independent outlets carry an answer, or which one does."""
    if answer.corroboration:
        return format_corroboration(answer.corroboration.outlets, answer.corroboration.articles)
    told = sources.list_outlets(answer)
    return f"{'only ' if len(told) == 1 else ''}in {' and '.join(told)}" if told else "one article"


def doing(answer: Answer | None) -> str:
    """What is being done for a question until its answer is whole."""
    if answer is None or not (answer.sentences or answer.passages):
        return "Searching the archive"
    wording = answer.mode not in ("extractive", NONE) or answer.writing is not None
    return "Writing, and checking each sentence" if wording else "Reading the articles"


def chips(filters: Filters) -> list[str]:
    """Each filter in a few words, for what is shown as active."""
    shown = [f"since {day_in_words(filters.since)}"] if filters.since else []
    if filters.until:
        shown.append(f"until {day_in_words(filters.until)}")
    return [*shown, *filters.outlets]


def removable(filters: Filters) -> list[tuple[str, str]]:
    """Each filter in a few words, with what the page calls it when it is to be taken away."""
    parts = [part for part, value in (("since", filters.since), ("until", filters.until)) if value]
    return list(zip([*parts, *(f"outlet {outlet}" for outlet in filters.outlets)], chips(filters), strict=True))


def list_preferred(answer: Answer | None) -> list[tuple[int, Scope]]:
    """What was inferred from the question, each with its place, apart from what it is limited to all the same."""
    if answer is None:
        return []
    return [(place, scope) for place, scope in enumerate(answer.understood.scopes) if scope.filters != answer.question.filters]


def list_struck_after(answer: Answer, sentences: int) -> list[Struck]:
    """What is to be shown as struck behind so many of the answer's sentences."""
    return [struck for struck in answer.struck if struck.after == sentences] if answer.show_struck else []
