"""What a question is about once its form is taken away: the words of the topic, the outlets and the days that it names."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.english.lexicon import FUNCTION
from rag.english.names import names
from rag.protocols import Terms
from rag.story.foreign import is_foreign
from rag.story.outlets import site_words
from rag.types import Filters, Question

_FRAME = (
    r"(?:please|can you|could you|would you|i want|i need|i'd like|give me|show me|tell me"
    r"|make|write|draw up|list|get me|walk me through"
    r"|catch me up|bring me up to speed|fill me in|brief me|summari[sz]e|sum up|recap|compare|describe|explain)\b"
    r"|\b(?:a|an|the)? ?(?:short |brief |quick |full |complete )?(?:briefing|summary|overview"
    r"|recap|timeline|chronology|rundown|background"
    r"|sequence of events|key dates|main (?:points|events)|key (?:points|facts|takeaways)"
    r"|takeaways|latest(?: news| state| figures)?|news"
    r"|updates?|status|state of play|situation|coverage|story|history|events?|dates?"
    r"|everything|all)\b(?: (?:on|of|about|in|for|with|from|to|around))?"
    r"|\bwhat(?:'s| is| are| was| were| has been)?\b (?:going on|happening|new|up|known)\b"
    r"|\bwhat (?:do|does|did|has|have) (?:we|you) know\b"
    r"|\bwhat (?:has |have )?(?:happened|occurred|took place)\b|\b(?:day by day|step by step"
    r"|blow by blow|in order|so far|at the moment"
    r"|right now|currently|nowadays|today|now|over time|unfold\w*|develop(?:ed|ing)?|evolv\w*"
    r"|progress(?:ed)?|chang(?:ed?|ing)|moved?)\b"
    r"|\bhow (?:did|does|do|has|have|is|are|was|were)\b|\bwhat (?:do|does|did|is|are|was|were"
    r"|has|have)\b|\b(?:who|when|where|why|which|what|whose)\b"
    r"|\b(?:articles?|reports?|reported|report|publish\w*|outlets?|papers?|newspapers?|stories|sources?|differ\w*|agree\w*|disagree\w*|contradict\w*)\b"
    r"|\baccording to\b"
    r"|\b(?:this|last|past|next) (?:week|month|year|weekend)\b|\b(?:about|tell|say|said|written|wrote|give|any|there)\b"
)
_FRAMED = re.compile(_FRAME, re.IGNORECASE)
STOP = frozenset(
    """
    a an the of in on at by for to from with and or as is are was were be been has have had do does did it its this that
    these those i me my we us our you your he she they them his her their what who whom which when where why how so far
    any some about into over than then there here not no s t don doesn didn please between both all each during since
    until after before up down out off new many much mani give gave told tell us should would could can must might
    shall will
    """.split()  # noqa: SIM905
)


COMMON = 0.6
"""What a term counts beside those of a name that the topic has: it says what is asked, the name of whom or what."""
LEAST = 0.2
"""What a term counts that every chunk has, as the name of what a small archive is about."""
GIVEN, RARE = 0.4, 0.7
"""What a first name counts, which is often left out, and how rare the name after it is beside it at least."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`text` is what is searched for; `weights` are its terms with how rare each is, at most 1, the rarest first.

    `named` are those of them that belong to names; in a `loose` topic the others need not stand beside them.
    """

    text: str
    weights: dict[str, float]
    filters: Filters
    sites: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    loose: bool = False

    def cover(self, terms: frozenset[str]) -> float:
        """The share of the topic, by the weight of its terms, that stands in `terms`; 1 where there is no topic but a time."""
        whole = sum(self.weights.values())
        return sum(weight for term, weight in self.weights.items() if term in terms) / whole if whole else 1.0


def topic_of(question: Question, terms: Terms, filters: Filters, sites: Sequence[str] = ()) -> Topic:
    """`filters` and `sites` are what an account is limited to: those set, and what the question names itself."""
    text = question.text.replace("’", "'")
    for words in site_words(text, sites):
        text = text.replace(words, " ")
    for scope in question.scopes:
        for words in scope.words:
            text = text.replace(words.replace("’", "'"), " ")
    bare = " ".join(_FRAMED.sub(" ", text).split()).strip(" ?.,;:!'s")
    kept = [word for word in re.findall(r"[\w'’.$€£-]+", bare) if word.casefold().strip(".'’") not in STOP]
    weights, named = weights_of(" ".join(kept), terms), find_names(text, terms)
    named &= weights.keys()
    if is_foreign(text) and named:
        weights = {term: weight for term, weight in weights.items() if term in named and weight < 1}  # the others no article has
        named &= weights.keys()
    if named:
        weights = {term: weight * (1 if term in named else COMMON) for term, weight in weights.items()}
        weights = weights | {term: GIVEN * weights[term] for term in find_first_names(text, weights, terms)}
        weights = dict(sorted(weights.items(), key=lambda item: -item[1]))
    return Topic(bare if kept else "", weights, filters, tuple(sites), named)


def find_first_names(question: str, weights: dict[str, float], terms: Terms) -> set[str]:
    """The terms of first names: those before the last word of a name that is about as rare."""
    found = set()
    for name in names(question):
        own = [term for term in terms.split(question[name.start : name.end]) if term in weights]
        found |= {term for term in own[:-1] if weights[own[-1]] >= RARE * weights[term]}
    return found


def find_names(question: str, terms: Terms) -> frozenset[str]:
    """The terms of the names in the question, whose first word has its capital for another reason."""
    first = question.split()[0].casefold() if question.strip() else ""
    asked = first.strip(",.'’") in STOP | FUNCTION or _FRAMED.match(question)
    text = question[:1].lower() + question[1:] if asked else f"about {question}"
    return frozenset(term for name in names(text) for term in terms.split(text[name.start : name.end]) if term not in STOP)


def weights_of(text: str, terms: Terms) -> dict[str, float]:
    """The terms of `text` by how rare they are: 1 - log(1 + n) / log(2 + N), where n of N chunks have a term, at least LEAST."""
    split = list(dict.fromkeys(term for term in terms.split(text) if term not in STOP))
    total, holders = terms.frequencies(split)
    weights = {term: max(LEAST, 1 - math.log(1 + holders.get(term, 0)) / math.log(2 + total)) for term in split}
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def days_named(question: Question) -> tuple[date | None, date | None]:
    """The first day that the question names, and the first after those that it names.

    Of two days of which the first lies after the second, such as "between mid-June and mid-July", the first is a year earlier.
    """
    spans = [(scope.filters.since, scope.filters.before) for scope in question.scopes if scope.filters.dated]
    since, before = [first for first, _ in spans if first], [end for _, end in spans if end]
    if len(spans) > 1 and since and before and spans[0][0] and spans[-1][1] and spans[0][0] > spans[-1][1]:
        since.append(_year_before(spans[0][0]))
        since.remove(spans[0][0])
        before = before[1:]
    return min(since, default=None), max(before, default=None)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))


def hull(question: Question) -> Filters:
    """The filters set, narrowed by the one report that the question names; as set where it names none or several."""
    own = question.filters
    scopes: Sequence[Filters] = [scope.filters for scope in question.scopes]
    if not scopes:
        return own
    since = max((day for day in (own.since, min((s.since for s in scopes if s.since), default=None)) if day), default=None)
    before = min((day for day in (own.before, max((s.before for s in scopes if s.before), default=None)) if day), default=None)
    outlets = own.outlets or tuple(dict.fromkeys(name for scope in scopes for name in scope.outlets))
    return Filters(since, before, outlets)
