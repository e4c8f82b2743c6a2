"""The latest figure of a story, what it was before, and figures that sources dispute.

Newest counts by the day that a figure describes, then by the day on which it was reported; of one day, a figure that says that it
replaces others ("rose to", "final count", "corrected") comes first. Values of one time that different outlets give, or that are
credited to different people, are a dispute and no change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.days import long_day
from rag.forms import Contrast, Figure, Form, Side
from rag.story.gather import Scored, Story
from rag.story.outlets import outlets_of
from rag.story.quantity import ACTS, Value, Wanted, values, wanted_of
from rag.story.tell import Footnotes, Told
from rag.story.topic import Topic
from rag.types import Quote, Sentence

SHOWN = 6
ABOUT = 0.55
"""The share of the topic that a statement and what stands around it have at least."""
OWN = 0.6
"""How much less of the topic than the best a statement has in its own words at most."""
APART = (12.0, 40.0)
"""How many times as large as another a value is at most that counts the same; the second over time."""
SAME_TIME = timedelta(days=2)
_OVER = re.compile(
    r"\b(?:final (?:count|toll|figure|tally|number|result)s?|official(?:ly)? (?:count|toll|figure|result)|revis\w+|correct(?:ed|ion)\w*|updated?"
    r"|(?:rose|risen|rises|rising|climb(?:s|ed)?|grew|grown|grows|jump(?:s|ed)|increas\w+|soar(?:s|ed)|balloon\w+|swell\w*|mounted|up|fell|fallen|dropped"
    r"|drops|down|declined|lowered|raised|cut|narrowed|widened) (?:\w+ ){0,2}?(?:to|from)|now stands? at|now|brings? the (?:total|toll|number)|bringing the (?:total|toll|number)"
    r"|more than (?:first|previously) (?:thought|said|reported)|not \d[\d,.]*|recount|in all|in total|so far)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\b(?:at least|more than|no fewer than|so far)\b", re.IGNORECASE)
_FINAL = re.compile(r"\b(?:final|revis\w+|correct(?:ed|ion)\w*|recount|not \d)", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:the )?(police|organi[sz]ers?|ministry|government|officials?|union|company|operator|council|hospital|rescuers|prosecutors?|army|military"
    r"|opposition|dealers?|insurers?|experts?|museum|bank|party|authorities|firefighters|fire (?:service|department)|mayor)(?:['’]s (?:count|figure|estimate))?"
    r"[^.;]{0,40}?\b(?:said|says|say|put|estimated?|counted|told|reported|according|claimed)\b|according to (?:the )?([\w ]{3,30})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with its day: the one that it describes, else that of its report."""

    value: Value
    day: date
    label: str | None

    @property
    def order(self) -> tuple[date, int, date, int]:
        text, said = self.value.statement.text, self.value.statement
        return self.day, int(bool(_FINAL.search(text))), said.reported or self.day, int(bool(_OVER.search(text)))


def figures(question: str, story: Story, form: Form) -> Told | None:
    """The values of what `question` asks for; None where there are none, or for a change not two that differ."""
    found = dated(story, wanted_of(question))
    kept = _comparable(_one_a_value(found), story, APART[form == "change"])
    if not kept or (len(kept) < 2 and form == "change"):
        return None
    latest = kept[0]
    rivals = [one for one in kept[1:] if disputes(one, latest)]
    notes = Footnotes(story.articles)
    chosen = [latest, *rivals, *[one for one in kept[1:] if one not in rivals]][:SHOWN]
    parts = tuple(_figure(one, _state(one, latest, rivals), notes) for one in chosen)
    sentences = tuple(Sentence(each.quote, each.citations, 1.0) for each in _in_order(parts, form) if each.citations)
    contrast = (_contrast(parts[: 1 + len(rivals)]),) if rivals else ()
    short = " / ".join(dict.fromkeys(each.value for each in parts[: 1 + len(rivals)]))
    if form == "change" and not rivals:
        short = " → ".join(dict.fromkeys(each.value for each in reversed(parts)))
    confidence = 0.8 if not rivals else 0.7
    return Told(
        form,
        sentences,
        notes.citations,
        (*parts, *contrast, story.coverage),
        short,
        confidence,
        _older(latest, story),
        story.passages,
    )


def _in_order(parts: Sequence[Figure], form: Form) -> Sequence[Figure]:
    return list(reversed(parts)) if form == "change" else parts


def dated(story: Story, wanted: Wanted) -> list[Dated]:
    """The values that statements of the story give, newest first."""
    subject = _subject(story, wanted)
    about = _nearest([one for one in story.found if _about(one, subject)], subject)
    found = []
    for value in values([one.statement for one in about], wanted):
        said = value.statement
        day = said.first if said.told and said.first else said.reported
        if day is not None:
            found.append(Dated(value, min(day, said.reported or day), _label(said.text)))
    return sorted(found, key=lambda one: one.order, reverse=True)


def _subject(story: Story, wanted: Wanted) -> Topic:
    """The topic without what is counted and what befell it: these are looked for beside the number."""
    kept = {term: weight for term, weight in story.topic.weights.items() if not _is_counted(term, wanted)}
    return replace(story.topic, weights=kept or story.topic.weights)


def _is_counted(term: str, wanted: Wanted) -> bool:
    counted = any(noun.startswith(term[:5]) for noun in wanted.nouns)
    return counted or any(
        ACTS[name].fullmatch(form) for name in wanted.acts for form in (term, f"{term}e", f"{term}ed", f"{term}d", f"{term}s")
    )


def _about(one: Scored, subject: Topic) -> bool:
    return subject.covered(one.statement.terms | one.statement.around) >= ABOUT


def _nearest(found: Sequence[Scored], subject: Topic) -> list[Scored]:
    """Those that have nearly as much of the subject in their own words as any with a number has."""
    counted = [one for one in found if one.statement.numbers]
    most = max((subject.covered(one.statement.terms) for one in counted), default=0.0)
    return [one for one in counted if subject.covered(one.statement.terms) >= most - OWN]


def _one_a_value(found: Sequence[Dated]) -> list[Dated]:
    """Of statements that give one value the newest; the quotes of the others go with it."""
    kept: list[Dated] = []
    for one in found:
        alike = next((at for at, other in enumerate(kept) if _same_value(one, other)), None)
        if alike is None:
            kept.append(one)
        else:
            held = kept[alike].value
            said = replace(held.statement, also=_with(held.statement.also, one.value.statement.quote, held.statement.quote))
            kept[alike] = replace(kept[alike], value=replace(held, statement=said))
    return kept


def _comparable(found: Sequence[Dated], story: Story, ratio: float) -> list[Dated]:
    """Those not much larger or smaller than the value of the statement that has most of the question: others count something else."""
    if not found:
        return []
    most = max(story.topic.covered(one.value.statement.terms) for one in found)
    best = next(one for one in found if story.topic.covered(one.value.statement.terms) >= most - 0.1).value.number.value
    return [one for one in found if best and 1 / ratio <= one.value.number.value / best <= ratio]


def _with(also: Sequence[Quote], quote: Quote, first: Quote) -> tuple[Quote, ...]:
    known = {each.source.outlet or each.source.id for each in (*also, first)}
    return (*also, quote) if (quote.source.outlet or quote.source.id) not in known else tuple(also)


def _same_value(one: Dated, other: Dated) -> bool:
    return one.value.number.value == other.value.number.value


def disputes(one: Dated, latest: Dated) -> bool:
    """Whether two values are of one time and of different sources, and neither says that it replaces the other."""
    if abs(one.day - latest.day) > SAME_TIME or _FINAL.search(latest.value.statement.text):
        return False
    labels = one.label and latest.label and one.label != latest.label
    mine, theirs = set(outlets_of(one.value.statement.quotes)), set(outlets_of(latest.value.statement.quotes))
    if labels:
        return True
    replaced = any(_OVER.search(quote.text) for quote in latest.value.statement.quotes)
    grown = one.value.number.value < latest.value.number.value and bool(
        _AT_LEAST.search(f"{one.value.statement.text} {latest.value.statement.text}")
    )
    return one.day == latest.day and not mine & theirs and not replaced and not grown


def _state(one: Dated, latest: Dated, rivals: Sequence[Dated]) -> str:
    if one in rivals or (one is latest and rivals):
        return "disputed"
    return "latest" if one is latest else "earlier"


def _figure(one: Dated, state: str, notes: Footnotes) -> Figure:
    said = one.value.statement
    because = _OVER.search(said.text)
    return Figure(
        one.value.written, state, said.text, notes.cite(said.quotes), outlets_of(said.quotes),  # type: ignore[arg-type]
        said.first if said.told else None, said.reported, one.label, because[0] if because else None,
    )  # fmt: skip


def _contrast(parts: Sequence[Figure]) -> Contrast:
    sides = tuple(Side(each.label or ", ".join(each.outlets), (each.quote,), each.citations) for each in parts)
    return Contrast("differ", " / ".join(each.value for each in parts), sides)


def _label(text: str) -> str | None:
    found = _BODY.search(text)
    return (found[1] or found[2] or "").strip().lower() or None if found else None


def _older(latest: Dated, story: Story) -> tuple[str, ...]:
    """A notice where the newest figure is older than the newest article of the story."""
    reported, newest = latest.value.statement.reported, story.newest
    if reported and newest and (newest - reported).days > 1:
        return (f"The newest figure is of {long_day(reported)}; the newest article about this is of {long_day(newest)}.",)
    return ()
