"""A claim held against the statements of a story: how much of it each says, and whether it says the contrary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.english.folding import fold
from rag.english.lexicon import list_words
from rag.english.names import names
from rag.english.negation import Opposites, Polarity, opposite_stems, polarity, wrong_polarity
from rag.english.numbers import numbers
from rag.english.stems import Stems
from rag.english.words import Token, base, is_verb, tokens
from rag.story.acts import ACTS, APART
from rag.story.gather import ScoredStatement

LEAST = 0.7
"""The share of a claim that is weighed."""
OPPOSED, NAMED_BEFORE, BEFORE = 0.8, 0.7, 0.6
"""What a word counts whose opposite the statement has, a name that only stands before it, and another word that does."""
OWN, CHOSEN, ALONE = 0.7, 0.5, 3
"""The share of the words that are no names which the statement has itself at least, the second where the reader chose it, and how
many of them it has where it has none of the names."""
_NONE = r"\b(?:no|zero|nobody|none|without|not any)\b(?:\s\w+){0,2}?\s"
_DENYING = (r"\bden(?:y|ied|ies|ying)\b", r"\brefus\w+", r"\breject\w*", r"\bdeclin\w+")
_ENDED = re.compile(
    r"\b(?:drop|lift|withdr[ae]w|abandon|scrap|end|cancel|waiv)\w*\s(?:(?:its|their|his|her|the|all|any)\s)*(?P<what>[\w'’-]+)"
    r"|(?P<gone>[\w'’-]+) (?:(?:has|have|had|was|were|is|are|been|being) )+(?:now )?"
    r"(?:dropped|lifted|withdrawn|abandoned|scrapped|ended|cancelled|canceled|waived|over\b)",
    re.IGNORECASE,
)
_HYPOTHETIC = re.compile(
    r"\b(?:if|whether|unless|would|could|might|(?-i:may)|should|ask(?:s|ed|ing)? (?:to|for"
    r"|about|that)|expect\w*|predict\w*|forecast\w*"
    r"|(?:set|scheduled|ready|poised|likely|about|going|want\w*|try(?:ing)?|tr(?:y|ies|ied)|hop(?:e|es|ed|ing)|plan\w*|intend\w*|aim\w*|vow\w*|pledg\w*"
    r"|promis\w*|threaten\w*|offer\w*|prepar\w*|urg\w*|press\w*|order\w*|pressure) (?:[\w.'’-]+ ){0,4}?to"
    r"|calls? (?:for|on)|call(?:ed|ing) (?:for|on)|propos\w*|demand\w*|consider\w*|(?:is|are"
    r"|was|were) due to (?!an?\b|the\b|his\b|her\b|its\b|their\b)|bid to|race to|ahead of"
    r"|will)\b",
    re.IGNORECASE,
)
"""What makes of what follows something that has not happened, or not yet."""
_NEEDED = re.compile(r"\b(?:(?:is|are|was|were|be|still) (?:needed|required|necessary))\b", re.IGNORECASE)
REACH = 90
"""Characters behind such a word, within its clause, in which it is about what follows."""
_CLAUSE_END = re.compile(r"[;:.!?”\"]|, (?:and|but|who|which|after|when|as)\b| (?:after|when|since) ")


_BROUGHT_ABOUT = re.compile(
    r"\b(?:went on|managed|came|began|beg[iu]ns?|started|continued?s?|used|forced|proceeded|got|lived|first|last)$", re.IGNORECASE
)
"""What stands before "to" where what follows has happened: "managed to", "the first to"."""
_HELPING = frozenset(("be", "have", "do", "get"))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What words mean to each other: their stems, which are opposites, and which tell of what may change back."""

    stems: Stems
    against: Opposites
    reversible: frozenset[str]


@lru_cache(maxsize=1)
def _load_meaning() -> _Meaning:
    stems = Stems()
    reversible = frozenset(stem for word in list_words("reversible") for stem in stems.of(word))
    return _Meaning(stems, opposite_stems(stems), reversible)


@dataclass(frozen=True, slots=True)
class Held:
    """A statement held against a claim: how much of it it has, and the word by which it says the contrary, if it does."""

    one: ScoredStatement
    share: float
    contrary: str | None


def may_follow(each: Held) -> bool:
    """Whether the contrary may be what came later, and denies nothing: a bridge that opened may be shut now."""
    meaning = _load_meaning()
    return each.contrary in meaning.reversible and each.contrary not in meaning.stems.of(each.one.statement.text)


def same_actor(claim: str, one: ScoredStatement) -> bool:
    """Whether the statement speaks of the first name of the claim, of whom something is supposed."""
    first = next(iter(names(f"that {claim}")), None)
    spoken = {word for name in names(one.statement.text) for word in name.words}
    return first is None or first.words[-1] in spoken


def is_of_future(question: str) -> bool:
    """Whether a question itself asks of what may be, is wanted or is expected."""
    return _HYPOTHETIC.search(question) is not None


def tells_of_future(text: str) -> bool:
    """Whether a sentence has a word by which what follows has not happened, or not yet."""
    return _HYPOTHETIC.search(text) is not None


def compare(claim: str, some: Sequence[ScoredStatement], least: float, to_come: bool = False) -> list[Held]:
    """The statements that say at least so much of the claim; those that tell of it as of something to come only where it is."""
    meaning = _load_meaning()
    said = polarity(claim, meaning.stems)
    named = [[stem for word in name.words for stem in meaning.stems.of(fold(word))] for name in names(f"that {claim}")]
    core = [stem for stem in dict.fromkeys(said.stems) if not any(stem in name for name in named)]
    if not core:
        return []
    counted = {number.value for number in numbers(claim)}
    found = []
    for one in some:
        text = one.statement.text
        source = polarity(text, meaning.stems)
        if (not to_come and _is_to_come(text, claim, core, meaning)) or not counted <= {number.value for number in numbers(text)}:
            continue
        none = _none_of(claim, text)
        own_least = 0.0 if none else CHOSEN if least < LEAST else OWN
        share = _share(source, core, named, one, meaning, own_least)
        if share >= least:
            contrary = none or (None if _deny(claim, text) else wrong_polarity(said, source, meaning.against))
            contrary = contrary or _find_ended(text, core, meaning) or _deny_lightly(said, source, meaning)
            found.append(Held(one, share, contrary))
    return found


def _is_to_come(text: str, claim: str, core: Sequence[str], meaning: _Meaning) -> bool:
    """Whether a statement tells of what is claimed as of something that may be, is wanted or is expected."""
    if _is_unrealised(text, claim) or _NEEDED.search(text):
        return True
    for found in _HYPOTHETIC.finditer(text):
        clause = text[found.end() : found.end() + REACH]
        end = _CLAUSE_END.search(clause)
        if set(meaning.stems.of(clause[: end.start()] if end else clause)) & set(core):
            return True
    return False


def _is_unrealised(text: str, claim: str) -> bool:
    """Whether the verb of the claim stands in the statement only as what may be: behind "to" ("failed to win the votes") or in a
    noun with "a" ("It's a ban")."""
    verbs = [base(token.low) for token in tokens(claim) if is_verb(token.low) and not token.capital]
    verb = next((each for each in verbs if each not in _HELPING), None)
    if verb is None:
        return False
    read = tokens(text)
    places = [at for at, token in enumerate(read) if base(token.low) == verb]
    return bool(places) and all(_is_infinitive(text, read, at) or _is_indefinite(read, at, verb) for at in places)


def _is_infinitive(text: str, read: Sequence[Token], at: int) -> bool:
    return at > 0 and read[at - 1].low == "to" and not _BROUGHT_ABOUT.search(text[: read[at - 1].start].rstrip())


def _is_indefinite(read: Sequence[Token], at: int, verb: str) -> bool:
    """Whether the word is a noun behind "a", with two words between them at most."""
    return read[at].low == verb and any(read[i].low in ("a", "an") for i in range(max(0, at - 3), at))


def _share(
    source: Polarity,
    core: Sequence[str],
    named: Sequence[Sequence[str]],
    one: ScoredStatement,
    meaning: _Meaning,
    own_least: float,
) -> float:
    """The share of the claim that the statement speaks of; 0 where it has not the last word of each name, or little itself.

    A word's opposite speaks of it too, though less surely, and so does a name that stands right before.
    """
    around = one.statement.around
    if any(name[-1] not in source.stems | around for name in named if name):
        return 0.0
    alike = {name for name, pattern in ACTS.items() if pattern.search(one.statement.text)}
    own = {stem: _own(stem, source, alike, meaning) for stem in core}
    has = sum(value > 0 for value in own.values())
    flat = [stem for name in named for stem in name]
    if has < own_least * len(core) or (own_least >= OWN and flat and not source.stems & set(flat) and has < ALONE):
        return 0.0
    hits = sum(value or BEFORE * (stem in around) for stem, value in own.items())
    there = sum(1.0 if stem in source.stems else NAMED_BEFORE if stem in around else 0.0 for stem in flat)
    return (hits + there) / (len(core) + len(flat))


def _own(stem: str, source: Polarity, alike: set[str], meaning: _Meaning) -> float:
    """What the statement itself has of a word: the word, one of its class, or its opposite."""
    if stem in source.stems or _class_of(stem) & alike:
        return 1.0
    return OPPOSED if meaning.against.get(stem, frozenset()) & source.stems else 0.0


def _deny(claim: str, text: str) -> bool:
    """Whether both say that somebody denies or refuses something."""
    return any(re.search(pattern, claim, re.I) and re.search(pattern, text, re.I) for pattern in _DENYING)


@lru_cache(maxsize=1000)
def _class_of(stem: str) -> frozenset[str]:
    """The classes of words for what befalls people and things that a stem belongs to: "die" and "fatalities" are of one."""
    forms = (stem, f"{stem}e", f"{stem}s", f"{stem}d", f"{stem}ed")
    return frozenset(name for name in APART if name in ACTS and any(ACTS[name].fullmatch(form) for form in forms))


def _none_of(claim: str, text: str) -> str | None:
    """The class of what the claim supposes, where the statement says that there was none: "zero fatalities"."""
    for name in APART & ACTS.keys():
        pattern = ACTS[name]
        if pattern.search(claim) and re.search(rf"{_NONE}{pattern.pattern}", text, re.IGNORECASE):
            return name
    return None


def _deny_lightly(said: Polarity, source: Polarity, meaning: _Meaning) -> str | None:
    """What the claim says and the statement denies behind a verb that says little: "won't make an endorsement"."""
    light = {stem for word in list_words("light") for stem in meaning.stems.of(word)}
    denied = {stem for targets in said.denied for stem in targets}
    for targets in source.denied:
        rest = [stem for stem in targets if stem not in light]
        if targets[0] in light and rest and rest[0] in said.stems - denied:
            return rest[0]
    return None


def _find_ended(text: str, core: Sequence[str], meaning: _Meaning) -> str | None:
    """What the claim supposes and the statement says to be over: "dropped its objections"."""
    stems = (stem for found in _ENDED.finditer(text) for stem in meaning.stems.of(found["what"] or found["gone"]))
    return next((stem for stem in stems if any(stem[:6] == one[:6] for one in core)), None)
