"""Whom or what "he", "she" and "it" stand for: a name or a noun phrase of the last exchanges.

Whom an answer is about comes first: the words that answer the question where these are a name, else the question's own subject.
Where nothing fits well, nothing is said. "They", "there", "this law" and "the company" are left to retrieval: putting words in
their place found no article more.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from rag.english.lexicon import ROLES, list_words
from rag.english.name_kinds import Gender
from rag.english.names import Name
from rag.english.phrases import Phrase, phrases
from rag.understand.followup.anaphors import Anaphor
from rag.understand.followup.conversation import Context, Exchange

_HE = frozenset(("he", "him", "his", "himself"))
_ASKS_WHO = regex.compile(
    r"^\W*(?:by\s|to\s|with\s|for\s)?(?:who|whom|whose)\b|\b(?:which|what)\s(?:\p{Ll}+\s)?(?P<noun>\p{Ll}+)", regex.IGNORECASE
)
_ASKS_THING = regex.compile(r"^\W*(?:which|what)\s(?!(?:is|was|are|were|happened)\b)", regex.IGNORECASE)
_ASKS_WHAT = regex.compile(r"^\W*what (?:(?:is|was) \p{Ll}+ing|\p{Ll}+ed|hit|struck)\b", regex.IGNORECASE)
_BODY_NOUNS, _PEOPLE = list_words("bodies", "body_nouns"), list_words("people")


def gender_of(word: str) -> Gender:
    return "he" if word in _HE else "she"


def antecedent(anaphor: Anaphor, context: Context) -> str | None:
    """The words that an anaphor stands for; None where nothing fits well enough. A person may be of an earlier exchange."""
    if anaphor.sort == "person":
        for exchange in reversed(context.exchanges[-3:]):
            if exchange.hides:
                return None
            if name := _person(gender_of(anaphor.word), exchange, context):
                return name
        return None
    return _thing(anaphor, context.last, context) if anaphor.sort == "it" else None


def _find_answers(exchange: Exchange, context: Context) -> list[Name]:
    """The names that answer a question that asks for one, as the answer has them; none of the question's own.

    Where the reader finds other words to be the answer ("a gunman"), no name of it is.
    """
    asked = context.names(exchange.question)
    new = [name for name in context.names(exchange.answer) if not _same_as_any(name, asked)]
    if not new or not (focus := (exchange.focus or "").casefold()):
        return new
    return [name for name in new if name.bare.casefold() in focus or focus in name.bare.casefold()]


def _same_as_any(name: Name, others: Sequence[Name]) -> bool:
    mine = set(name.words)
    return any(mine <= set(other.words) or mine >= set(other.words) for other in others)


def _asks_for(question: str, nouns: frozenset[str]) -> bool:
    """Whether a question asks "who", or which one of what `nouns` name."""
    found = _ASKS_WHO.search(question)
    return found is not None and (found["noun"] is None or any(word in nouns for word in found[0].lower().split()))


def _person(gender: Gender, exchange: Exchange, context: Context) -> str | None:
    """The person asked for, else the one of the question, else the only one of the answer."""
    mentioned = context.names(exchange.question)
    asked = [name for name in mentioned if _may_be_person(name)]
    people = [name for name in context.names(exchange.answer) if _may_be_person(name) and not _same_as_any(name, mentioned)]
    answering = [name for name in _find_answers(exchange, context) if _may_be_person(name)]
    known = {name.bare: context.genders.get(name.bare) or name.gender for name in (*asked, *people)}
    fits = [name for name in (*asked, *people) if known[name.bare] in (None, gender)]
    sure = [name for name in fits if known[name.bare] == gender]
    if _asks_for(exchange.question, ROLES | _PEOPLE):
        if exchange.focus and not answering:
            return None
        first = [name for name in answering if name in fits]
        first = first or [name for name in asked if name in fits and answering]  # the other one, by sex
        others = [name for name in (*asked, *answering) if name in fits and (name in asked or name.kind == "person")]
        others = [name for name in others if first and _full(name, context) != _full(first[0], context)]
        if others and first[0] not in sure:
            return None  # "Who challenges Ada Rae?", "Don Field does.", "How did she answer?": either may be meant
    else:
        first = [name for name in asked if name in fits]
        first = first or _holders(exchange.question, fits, context)
        first = first or (fits if len({_full(name, context) for name in fits}) == 1 else [])
    if sure and (not first or first[0] not in sure) and len({name.bare for name in sure}) == 1 and not _read(exchange, first):
        first = sure
    return _full(first[0], context) if first else None


def _holders(question: str, people: Sequence[Name], context: Context) -> list[Name]:
    """The one whom the answer gives the office that the question asks about: "the president", "President Laura Wells"."""
    offices = {phrase.head for phrase in phrases(question, context.outlets)} & ROLES
    found = [name for name in people if name.roles & offices]
    return found if len({_full(name, context) for name in found}) == 1 else []


def _read(exchange: Exchange, first: Sequence[Name]) -> bool:
    """Whether the reader found that the first of some names answers the question."""
    return bool(first) and exchange.focus is not None and first[0].bare.casefold() in exchange.focus.casefold()


def _may_be_person(name: Name) -> bool:
    return name.kind == "person" or (name.kind == "name" and name.sure and (len(name.words) > 1 or bool(name.roles)))


def _is_person(name: Name, context: Context) -> bool:
    """Whether a name is a person's, here or elsewhere in the conversation; two words that nothing explains pass for one."""
    texts = (f"{exchange.question} {exchange.answer}" for exchange in context.exchanges)
    kinds = {one.kind for text in texts for one in context.names(text) if set(name.words) <= set(one.words)} | {name.kind}
    return "person" in kinds or (kinds == {"name"} and len(name.words) == 2)


def _full(name: Name, context: Context) -> str:
    """The longest form of a name that the conversation has, without title: "Laura Wells" for "Mayor Wells"."""
    texts = [text for exchange in context.exchanges for text in (exchange.question, exchange.answer)]
    known = [one for text in texts for one in context.names(text) if one.kind in ("person", "name") and len(one.words) < 4]
    longer = [one.bare for one in known if set(name.words) < set(one.words) and one.words[-1] in name.words]
    return max(longer, key=len, default=name.bare)


def _body_asked(exchange: Exchange, context: Context) -> str | None:
    """The company or other thing that answers "Which company …?", "Who makes …?" or "What is burning …?"."""
    if not (_asks_for(exchange.question, _BODY_NOUNS) or _ASKS_WHAT.match(exchange.question)):
        return None
    answers = _find_answers(exchange, context)
    kinds = ("body",) if regex.match(r"\W*who", exchange.question, regex.IGNORECASE) else ("body", "name", "thing")
    if not answers or answers[0].kind not in kinds or (len(answers) > 1 and exchange.focus is None):
        return None
    return answers[0].name


def _thing(anaphor: Anaphor, exchange: Exchange, context: Context) -> str | None:
    """What "it" means: the body that "which company" asked for, or the question's own subject or last phrase, or who did it."""
    body = _body_asked(exchange, context)
    fitting = [one for one in phrases(exchange.question, context.outlets) if _is_one_thing(one, context)]
    if not fitting:
        return body
    if not body and not anaphor.owner and _ASKS_THING.match(exchange.question):
        return None  # "Which storm broke the pier?": the storm, whatever it is called, or the pier
    acts = anaphor.subject or anaphor.owner
    bought = any(name.name == fitting[-1].text for name in context.names(exchange.question))
    if body and (acts or bought) and not regex.match(r"\W*who", exchange.question, regex.IGNORECASE):
        return body
    subjects = [one for one in fitting if one.subject]
    chosen = subjects[0] if subjects and acts else fitting[-1]
    return _owner(chosen, context) if anaphor.owner else chosen.text


def _owner(phrase: Phrase, context: Context) -> str:
    """The name in a phrase rather than the whole of it: the bank of "the key rate of the Bank of Lorne"."""
    held = [name for name in context.names(phrase.text) if name.kind in ("body", "thing", "place", "name")]
    return held[-1].name if held else phrase.text


def _is_one_thing(phrase: Phrase, context: Context) -> bool:
    """Whether "it" can mean a phrase: one thing told apart, and no person."""
    whole = context.names(phrase.text)
    person = any(_is_person(name, context) and len(name.bare) + 5 > len(phrase.text) for name in whole)
    if phrase.named and phrase.before in ("in", "at", "near", "from"):
        return False  # where it is, not what it is
    return phrase.definite and not person and phrase.head not in ROLES and not phrase.plural
