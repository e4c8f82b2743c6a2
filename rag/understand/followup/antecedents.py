"""Whom or what a pronoun or "the company" of a follow-up stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from rag.understand.followup.context import Context, Exchange
from rag.understand.followup.entities import Entity, Gender
from rag.understand.followup.lexicon import BODIES, PREPOSITIONS, ROLES, listed
from rag.understand.followup.phrases import HEADS_OF_EVENTS, Phrase, phrases
from rag.understand.followup.pronouns import Anaphor
from rag.understand.followup.words import is_plural, stem, tokens

_ASKS_PERSON = regex.compile(
    r"^\W*(?:by\s|to\s|with\s|for\s)?(?:who|whom|whose)\b|\b(?:which|what)\s(?P<noun>\w+)", regex.IGNORECASE
)
_HIM: dict[str, Gender] = {
    "he": "he",
    "him": "he",
    "his": "he",
    "himself": "he",
    "she": "she",
    "her": "she",
    "hers": "she",
    "herself": "she",
}
_BODY_NOUNS = BODIES | listed(
    """
    firm team organisation outlet airline carrier operator manufacturer maker retailer charity regulator
    """
)
_PLACE_NOUNS = listed("city town village county province state country region island nation capital area place community")

_ASKS_PLACE = regex.compile(rf"\bwhere\b|\b(?:which|what)\s(?:\w+\s)?(?:{'|'.join(sorted(_PLACE_NOUNS))})\b", regex.IGNORECASE)


def antecedent(anaphor: Anaphor, context: Context) -> str | None:
    """The words that an anaphor stands for, found in the last exchanges; None where nothing fits well enough."""
    for exchange in reversed(context.exchanges[-3:]):
        if found := _in_exchange(anaphor, exchange, context):
            return found
        if anaphor.sort in ("this", "definite") or (anaphor.sort == "they" and exchange is context.exchanges[-1]):
            return None
    return None


def _in_exchange(anaphor: Anaphor, exchange: Exchange, context: Context) -> str | None:
    if anaphor.sort == "person":
        return person(_HIM[anaphor.word], exchange, context)
    if anaphor.sort == "it":
        return _thing(exchange, context, owner=anaphor.word == "its")
    if anaphor.sort == "they":
        return _several(exchange, context)
    if anaphor.sort == "there":
        return _place(exchange, context)
    return _described(anaphor.noun, exchange, context) if anaphor.noun else _matter(exchange, context)


def person(gender: Gender, exchange: Exchange, context: Context) -> str | None:
    """The person of an exchange that "he" or "she" means: the one asked for, else the one of the question, else of the answer."""
    asked, told = context.names(exchange.question), context.names(exchange.answer)
    answered = [name for name in told if not _same_as_any(name, asked)]
    in_question = [name for name in asked if name.kind == "person"]
    in_answer = _focused([name for name in answered if _personal(name)], exchange)
    order = [*in_answer, *in_question] if asks_person(exchange.question) else [*in_question, *in_answer]
    order += [name for name in asked if name.kind == "name" and len(name.words) > 1]
    fitting = [name for name in order if (context.genders.get(name.bare) or name.gender or gender) == gender]
    certain = [name for name in fitting if (context.genders.get(name.bare) or name.gender) == gender]
    first = fitting[:1]
    if first and certain and first[0] not in certain and not asks_person(exchange.question):
        first = certain[:1]
    return _full(first[0], context) if first else None


def _personal(name: Entity) -> bool:
    return name.kind == "person" or (name.kind == "name" and name.sure)


def _full(name: Entity, context: Context) -> str:
    """The longest form of a name that the conversation has: "Laura Wells" for "Wells"."""
    known = [
        one for exchange in context.exchanges for text in (exchange.question, exchange.answer) for one in context.names(text)
    ]
    longer = [one for one in known if name.words < one.words and one.kind == "person" and len(one.words) < 4]
    return max(longer, key=lambda one: len(one.words)).bare if longer else name.bare


def asks_person(question: str) -> bool:
    """Whether a question asks for a person."""
    found = _ASKS_PERSON.search(question)
    if found is None:
        return False
    return found["noun"] is None or found["noun"].lower().rstrip("s") in ROLES


def _asks_body(question: str) -> bool:
    found = regex.search(r"\b(?:which|what)\s(?:\p{Ll}+\s)?(?P<noun>\p{Ll}+)", question, regex.IGNORECASE)
    return found is not None and any(word in _BODY_NOUNS for word in (found["noun"].lower(), found[0].split()[1].lower()))


def _body_asked(exchange: Exchange, context: Context) -> str | None:
    """The answer to "Which company …?"."""
    if not _asks_body(exchange.question):
        return None
    asked = context.names(exchange.question)
    told = [name for name in context.names(exchange.answer) if name.kind != "person" and not _same_as_any(name, asked)]
    return _focused(told, exchange)[0].name if told else None


def _focused(names: Sequence[Entity], exchange: Exchange) -> list[Entity]:
    """The names in order, those first that stand in the words that answer; one name needs no reading."""
    if len(names) < 2 or not (told := exchange.focus):
        return list(names)
    focus = told.casefold()
    return sorted(names, key=lambda name: name.bare.casefold() not in focus and focus not in name.bare.casefold())


def _same_as_any(name: Entity, others: Sequence[Entity]) -> bool:
    return any(name.words <= other.words or other.words <= name.words for other in others)


def _things(text: str, context: Context) -> list[Entity]:
    return [name for name in context.names(text) if name.kind != "person" and name.sure]


def _thing(exchange: Exchange, context: Context, owner: bool) -> str | None:
    """What "it" means: the body asked for, else what the question is about, else the first body or thing of the answer."""
    told = [name for name in _things(exchange.answer, context) if not _same_as_any(name, context.names(exchange.question))]
    if owner and (answer := _body_asked(exchange, context)):
        return answer
    asked = _things(exchange.question, context)
    about = [one for one in phrases(exchange.question, context.outlets) if _is_single(one) and not _of_person(one, context)]
    if owner and asked:
        return asked[0].name
    if about:
        held = [name for name in asked if name.start >= about[-1].start and name.end <= about[-1].end]
        role = any(token.low in ROLES for token in tokens(about[-1].text))
        whole = about[-1].text if about[-1].definite else f"the {about[-1].text}"
        return held[0].name if held and role else whole
    if asked:
        return asked[0].name
    return _focused(told, exchange)[0].name if told else None


def _is_single(phrase: Phrase) -> bool:
    """Whether "it" can mean a phrase: one thing told apart, or an event such as a strike."""
    head = _head(phrase)
    if head in ROLES or (is_plural(head) and not phrase.text.istitle()):
        return False
    return phrase.definite or (head in HEADS_OF_EVENTS and phrase.text.lower() == head)


def _of_person(phrase: Phrase, context: Context) -> bool:
    return any(
        name.kind == "person" and name.bare in phrase.text and len(phrase.text) < len(name.bare) + 5
        for name in context.names(phrase.text)
    )


_SEVERAL = regex.compile(
    r"^(?:[“\"]\s*)?(?P<all>(?:the\s|local\s|some\s|many\s|most\s|all\s|\d[\d,.]*\s|a\s(?:group|team|number)\sof\s)?(?:\p{Ll}+\s){0,2}?(?P<noun>\p{L}\p{Ll}+))\b",
    regex.IGNORECASE,
)


def _several(exchange: Exchange, context: Context) -> str | None:
    """What "they" means: several of the question, its body, else whoever the answer begins with."""
    for phrase in phrases(exchange.question, context.outlets):
        if is_plural(_head(phrase)) and (phrase.definite or phrase.before == "") and not phrase.before:
            return phrase.text
    if answer := _body_asked(exchange, context):
        return answer
    subject = _plural_subject(exchange.answer)
    bodies = [name for name in context.names(exchange.question) if name.kind in ("body", "name")]
    if bodies:
        return bodies[0].name
    if subject:
        return subject
    told = [name for name in context.names(exchange.answer) if name.kind == "body"]
    return told[0].name if told else None


def _head(phrase: Phrase) -> str:
    """The noun before the first attachment."""
    words = [token.low for token in tokens(phrase.text)]
    stop = next((at for at, word in enumerate(words) if at and word in PREPOSITIONS), len(words))
    return words[stop - 1]


def _plural_subject(answer: str) -> str | None:
    words = tokens(answer)[:5]
    for at, token in enumerate(words):
        if is_plural(token.low) and not token.possessive:
            text = answer[words[0].start : token.end]
            article = "the " if at == 0 else ""
            return f"{article}{text[0].lower()}{text[1:]}"
        if token.low in ("of", "in", "said", "was", "were", "is", "are", "has", "have"):
            return None
    return None


def _place(exchange: Exchange, context: Context) -> str | None:
    """The place of an exchange: asked for, or named in the question, or in the answer."""
    asked, told = context.names(exchange.question), context.names(exchange.answer)
    in_question = [name for name in asked if name.kind == "place"]
    in_answer = _focused([name for name in told if name.kind == "place" and not _same_as_any(name, asked)], exchange)
    asks = _ASKS_PLACE.search(exchange.question)
    if asks:
        named = in_answer or [name for name in told if name.kind == "name" and name.sure] or in_question
        return named[0].name if named else None
    others = sorted((name for name in asked if name.kind in ("body", "name")), key=lambda name: name.kind == "body")
    order = in_question or in_answer or others
    return order[0].name if order else None


def _matter(exchange: Exchange, context: Context) -> str | None:
    """What "this" and "that" mean: the matter of the question as a phrase, where it is one."""
    found = [one for one in phrases(exchange.question, context.outlets) if one.definite]
    return found[-1].text if found and (not found[-1].named or " of " in found[-1].text) else None


def _described(noun: str, exchange: Exchange, context: Context) -> str | None:
    """What "the company" or "this law" means: a fuller phrase with that noun, a person in that office, the one body or place."""
    for text in (exchange.question, exchange.answer):
        for phrase in reversed(phrases(text, context.outlets)):
            if stem(_head(phrase)) == stem(noun) and phrase.text.lower() not in (noun, f"the {noun}") and phrase.definite:
                return phrase.text
    if _asks_body(exchange.question) and regex.search(
        rf"\b(?:which|what)\s(?:\w+\s)?{regex.escape(noun)}\b", exchange.question, regex.IGNORECASE
    ):
        return _body_asked(exchange, context)
    names = [*_focused(context.names(exchange.answer), exchange), *context.names(exchange.question)]
    if noun in ROLES:
        held = {name.bare: name for name in names if noun in name.roles and name.kind == "person"}
        return next(iter(held)) if len(held) == 1 else None
    for name in names:
        if noun in name.words and len(name.words) > 1:
            return name.name
    if noun in _BODY_NOUNS - BODIES | _COMPANIES:
        return _only(names, ("body", "name"))
    return _only(names, ("place",)) if noun in _PLACE_NOUNS else None


_COMPANIES = listed(
    """
    company firm group club organisation organization bank airline agency university hospital newspaper team union
    party
    """
)


def _only(names: Sequence[Entity], kinds: tuple[str, ...]) -> str | None:
    """The one name of these kinds; None where there are several, the first kind before the others."""
    for kind in kinds:
        found = {name.bare: name for name in names if name.kind == kind and name.sure}
        if found:
            return next(iter(found.values())).name if len(found) == 1 else None
    return None


def every_name(context: Context) -> Iterator[Entity]:
    """The names of the conversation, the latest first."""
    for exchange in reversed(context.exchanges):
        yield from context.names(exchange.answer)
        yield from context.names(exchange.question)
