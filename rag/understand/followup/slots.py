"""A fragment such as "And in June?" or "What about Corvane Mobile?": it takes the place of its like in the earlier question."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from rag.understand.followup.context import Context
from rag.understand.followup.entities import Entity, Kind, plain_name
from rag.understand.followup.joining import with_topic
from rag.understand.followup.lexicon import FUNCTION, PREPOSITIONS, ROLES, WH
from rag.understand.followup.papers import papers, with_paper
from rag.understand.followup.phrases import Phrase, phrases
from rag.understand.followup.times import replaced_time, times
from rag.understand.followup.words import base, content_stems, is_content, is_plural, tokens, without_mark

_ADJECTIVAL = regex.compile(
    r"^(?P<prep>\w+\s)?(?:the\s|an?\s)?(?P<adj>(?:\p{L}+\s)?\p{L}+)\s(?:one|ones)$|^(?P<prep2>\w+\s)?the\s"
    r"(?P<ord>first|second|third|fourth|fifth|last|other|others|next|former|latter|rest)(?:\stwo|\sthree|\sone|\sfew)?$",
    regex.IGNORECASE,
)
_COUNTED = regex.compile(
    r"\b(?P<lead>how\s(?:many|much)\s|which\s|what\s)(?P<noun>(?:(?!did|does|do|is|are|was|were|has|have|had|will|would|can|could)\p{Ll}+\s)?\p{Ll}{3,})(?=\s)",
    regex.IGNORECASE,
)
_HOW_MANY = regex.compile(r"^how\s(?:many|much)\s(?P<noun>[\p{L}\s-]+)$", regex.IGNORECASE)


def slotted(fragment: str, context: Context) -> str:
    """The earlier question with `fragment` in the place of its like, or after it; with only its topic where it fits nowhere."""
    question = without_mark(context.last.question)
    fragment = without_mark(fragment)
    found = times(fragment)
    if found and not _rest(fragment, [(time.start, time.end) for time in found]):
        return replaced_time(question, found[-1])
    named = papers(fragment, context.outlets)
    if named and not _rest(fragment, [(paper.start, paper.end) for paper in named]):
        return with_paper(question, named[-1], context.outlets)
    for time in reversed(found):
        question = replaced_time(question, time)
        fragment = f"{fragment[: time.start].rstrip(' ,')} {fragment[time.end :].lstrip(' ,')}".strip()
    for paper in reversed(papers(fragment, context.outlets)):
        question = with_paper(question, paper, context.outlets)
        fragment = (
            regex.sub(r"\b(?:according to|from|by|in)\s*$", "", fragment[: paper.start].rstrip(" ,")).strip()
            + fragment[paper.end :]
        )
    return _placed(fragment.strip(" ,") or question, question, context) if fragment.strip(" ,") else question


def _rest(fragment: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a fragment outside `spans` that are more than a preposition."""
    outside = [token.low for token in tokens(fragment) if not any(start <= token.start < end for start, end in spans)]
    return [
        word for word in outside if word not in FUNCTION and word not in ("according", "said", "report", "reports", "reported")
    ]


def _placed(fragment: str, question: str, context: Context) -> str:
    if not tokens(fragment):
        return question
    for place in (_counted, _sexes, _adjectival, _prepositional, _named, _plural, _same_head, _role):
        if done := place(fragment, question, context):
            return done
    whole = fragment if tokens(fragment)[0].low in WH else f"What about {fragment}"
    return with_topic(whole, context)


def _counted(fragment: str, question: str, context: Context) -> str | None:
    """ "How many women?" after "How many men were hurt?"."""
    del context
    new, old = _HOW_MANY.match(fragment), _COUNTED.search(question)
    if new is None or old is None or not old["lead"].lower().startswith("how"):
        return None
    noun = _counted_noun(old["noun"])
    after = question[old.start("noun") + len(noun) :]
    return f"{question[: old.start()]}{fragment}{after}"


def _sexes(fragment: str, question: str, context: Context) -> str | None:
    """ "And the women?" after a question about the men's final."""
    del context
    new = regex.match(r"^(?:the\s|for\s(?:the\s)?)?(?P<who>men|women|boys|girls)(?:[’']s)?$", fragment, regex.IGNORECASE)
    old = regex.search(r"\b(?:men|women|boys|girls)(?=[’']s?\s)", question, regex.IGNORECASE)
    return f"{question[: old.start()]}{new['who'].lower()}{question[old.end() :]}" if new and old else None


def _adjectival(fragment: str, question: str, context: Context) -> str | None:
    """ "Under the old one?" after "under the new law"."""
    found = _ADJECTIVAL.match(fragment)
    if found is None:
        return None
    adjective = found["adj"] or found["ord"]
    prep = (found["prep"] or found["prep2"] or "").strip().lower()
    joint = regex.escape(prep) if prep in PREPOSITIONS else "[a-z]+"
    pattern = rf"\b{joint}\s(?P<det>the|an?)\s{_TURNED}\s(?=\p{{Ll}})"
    old = regex.search(pattern, question, regex.IGNORECASE)
    if old is not None:
        return f"{question[: old.start('det')]}the {adjective} {question[old.end() :]}"
    counted = _COUNTED.search(question)
    noun = _counted_noun(counted["noun"]) if counted else ""
    if noun and is_plural(noun.split()[-1]) and adjective.lower() not in ("rest", "others"):
        return with_topic(f"What about the {adjective} of the {noun}", context)
    return None


_TURNED = (
    r"(?:new|old|first|second|third|last|previous|next|current|former|latest|original|other|big|small|early|late|upper|lower"
    r"|northern|southern|eastern|western|largest|smallest|longest|shortest|highest|lowest|best|worst)"
)
"""Adjectives that tell one of several things from the others."""


def _prepositional(fragment: str, question: str, context: Context) -> str | None:
    """ "Of Halden Grain?" after "of Strand Line"; "after the recount?" is put at the end."""
    words = tokens(fragment)
    if not words or words[0].low not in PREPOSITIONS | {"according"} or len(words) < 2:
        return None
    prep = fragment[: words[1].start].strip().lower()
    if prep == "according" and words[1].low == "to":
        cut = regex.sub(r",?\saccording to (?:the\s)?[\w\s.’'-]{2,60}$", "", question)
        return f"{cut} {fragment[:1].lower()}{fragment[1:]}"
    new = fragment[words[1].start :]
    name = next(iter(context.names(f"about {new}")), None)
    for old in context.names(question) if name else ():
        if regex.search(rf"\b{regex.escape(prep)}\s$", question[: old.start], regex.IGNORECASE):
            return f"{question[: old.start]}{new}{question[old.end :]}"
    if name is None:
        for phrase in phrases(question, context.outlets):
            if phrase.before == prep and not phrase.named and phrase.text.split()[0].lower() == new.split()[0].lower() == "the":
                return f"{question[: phrase.start]}{new}{question[phrase.end :]}"
    return f"{question} {fragment[:1].lower()}{fragment[1:]}"


def _named(fragment: str, question: str, context: Context) -> str | None:
    """A name for a name of the same kind."""
    new = _as_name(fragment, context)
    if new is None:
        return None
    old = _alike(new, context.names(question))
    if old is None or old.words == new.words:
        return None
    words = new.name
    if old.name.lower().startswith("the ") and words.lower().startswith("the "):
        words = f"the {words[4:]}"
    return f"{question[: old.start]}{words}{question[old.end :]}"


def _as_name(fragment: str, context: Context) -> Entity | None:
    """The fragment as one name, of the kind that the conversation knows it by; in lower case too where that has it as a name."""
    known = [name for one in context.exchanges for text in (one.answer, one.question) for name in context.names(text)]
    for name in known:
        if plain_name(name.bare) == plain_name(fragment):
            return Entity(fragment if fragment != fragment.lower() else name.name, 0, len(fragment), name.kind)
    found = context.names(f"about {fragment}")
    if len(found) == 1 and len(found[0].name) >= len(fragment) - 4 and fragment.endswith(found[0].bare):
        return Entity(fragment, 0, len(fragment), found[0].kind)
    lower = fragment.lower() == fragment and context.last.question != context.last.question.lower()
    words = tokens(fragment)
    if (
        lower
        and 0 < len(words) <= 3
        and all(is_content(word) for word in words)
        and not is_plural(words[-1].low)
        and len(words) > 1
    ):
        return Entity(" ".join(word.text.capitalize() for word in words), 0, len(fragment), "name")
    return None


_NEAR: dict[Kind, tuple[Kind, ...]] = {
    "person": ("person", "name"),
    "body": ("body", "name", "thing", "place"),
    "place": ("place", "name", "body"),
    "thing": ("thing", "body", "name", "place"),
    "name": ("person", "name", "body", "place", "thing"),
}


def _alike(new: Entity, names: Sequence[Entity]) -> Entity | None:
    """The name of the question that is most of the kind of `new`; of two alike, the one with as many words, then the first."""
    order = _NEAR[new.kind]
    if new.kind == "name" and len(new.words) == 1:
        order = ("name", "place", "body", "person", "thing")
    fitting = [name for name in names if name.kind in order]
    return min(fitting, key=lambda name: (order.index(name.kind), len(name.words) != len(new.words)), default=None)


def _plural(fragment: str, question: str, context: Context) -> str | None:
    """ "Animals?" after "How many homes were lost?"."""
    del context
    words = tokens(fragment)
    old = _COUNTED.search(question)
    bare = [word for word in words if word.low != "the"]
    if old is None or not bare or len(bare) > 3 or not is_plural(bare[-1].low) or any(not is_content(word) for word in bare):
        return None
    noun = _counted_noun(old["noun"])
    if not is_plural(noun.split()[-1]):
        return None
    start = old.start("noun")
    return f"{question[:start]}{fragment.removeprefix('the ')}{question[start + len(noun) :]}"


def _counted_noun(noun: str) -> str:
    """The words that are counted, without a verb after them."""
    words = noun.split()
    first_ends = is_plural(words[0].lower()) or (len(words) > 1 and base(words[1]) != words[1] and not is_plural(words[1]))
    return words[0] if len(words) > 1 and first_ends else noun


def _same_head(fragment: str, question: str, context: Context) -> str | None:
    """ "The second vote?" after a question about the first vote."""
    new = phrases(fragment, context.outlets)
    if len(new) != 1 or not fragment.endswith(new[0].text):
        return None
    for old in phrases(question, context.outlets):
        if _first_noun(old) == _first_noun(new[0]) and old.text.lower() != new[0].text.lower():
            return f"{question[: old.start]}{new[0].text}{_attached(old, new[0])}{question[old.end :]}"
    return None


def _first_noun(phrase: Phrase) -> str:
    words = [token.low for token in tokens(phrase.text)]
    stop = next((at for at, word in enumerate(words) if at and word in PREPOSITIONS), len(words))
    return words[stop - 1]


def _attached(old: Phrase, new: Phrase) -> str:
    """What follows the noun of `old`, unless `new` has that of its own."""
    if any(token.low in PREPOSITIONS for token in tokens(new.text)):
        return ""
    joint = next((token for token in tokens(old.text)[1:] if token.low in PREPOSITIONS), None)
    return f" {old.text[joint.start :]}" if joint else ""


def _role(fragment: str, question: str, context: Context) -> str | None:
    """ "The mayor?" after "What did the governor say?": an office for the one office or person of the question."""
    words = [token.low for token in tokens(fragment)]
    if not words or not any(word in ROLES for word in words) or "of" in words:
        return None
    offices = [one for one in phrases(question, context.outlets) if not one.named and _first_noun(one) in ROLES]
    people = [(name.start, name.end) for name in context.names(question) if name.kind == "person"]
    spans = [(one.start, one.end) for one in offices] + people
    if len(spans) != 1 or not set(content_stems(fragment)):
        return None
    start, end = spans[0]
    return f"{question[:start]}{fragment}{question[end:]}"
