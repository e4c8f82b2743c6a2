"""Rules that make a follow-up stand alone; where they make no question of it, it is searched for behind the topic.

Each was kept because without it the right articles of the sample's follow-ups are found later, or because a person is named.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from rag.english.lexicon import ASKING, AUXILIARIES, EVENTS, PREPOSITIONS, VERBS
from rag.english.outlets import outlets_in, with_outlet
from rag.english.questions import is_question
from rag.english.times import times, without_times
from rag.english.words import as_question, content_stems, is_content, is_verb, lower_first, tokens, without_mark
from rag.types import Turn
from rag.understand.followup.anaphors import anaphors
from rag.understand.followup.antecedents import antecedent
from rag.understand.followup.conversation import Context, Exchange, Reads, turns_asked
from rag.understand.followup.events import ask_of_event
from rag.understand.followup.idle import is_idle
from rag.understand.followup.resolve import Resolution, resolve
from rag.understand.followup.slots import fill_slot

_LED_IN = regex.compile(
    r"^(?:(?:and|but|or|so|ok(?:ay)?|also|then|well|thanks|thank you|yes|right|great|please|now|sorry|hm+|all right)"
    r"(?:,?\s+|[.!]\s+))+(?=\S)",
    regex.IGNORECASE,
)
_ABOUT = regex.compile(
    r"^(?:what|how)(?:\s(?:is|was|’s|'s))?\sabout\s+|^(?:the\s)?same\s(?:question\s)?(?:for|in)\s+"
    r"|^(?:no|nope|sorry|actually|wait)?[,.!]?\s*(?:but\s)?i\s(?:mean|meant)[:,]?\s+",
    regex.IGNORECASE,
)
_OUTLET_SAYS = regex.compile(
    r"^(?:what|how|did|does|do|has|have)\b.*\b(?:says?|said|writes?|wrote|written|reports?|reported|tells?|told|claims?|puts?|cover|covered)"
    r"(?:\s(?:(?:any|some)thing(?:\selse)?|else))?(?:\s(?:about|on|of)\s(?:it|this|that))?\s*$",
    regex.IGNORECASE,
)
_BARE = regex.compile(r"^(?P<word>why|where|when|how)(?:\s(?:exactly|then))?$", regex.IGNORECASE)
_YES_NO = regex.compile(r"^(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)\s", regex.IGNORECASE)
_LONGEST_FRAGMENT = 12


def stand_alone(question: str, context: Context) -> Resolution | None:
    """The question as it would be asked without the conversation; None where it stands alone already, or asks nothing."""
    if not context.exchanges or not tokens(question) or is_idle(question):
        return None
    plain = without_mark(question)
    bare = _LED_IN.sub("", plain)
    about = _ABOUT.match(bare)
    rest = bare[about.end() :] if about else bare
    if about and _is_whole(rest):
        return stand_alone(rest, context) or Resolution(as_question(rest))
    short = about is not None or _is_fragment(rest, question, bare != plain, context)
    found = _put(rest, context) if short else _ask_again(rest, context)
    if found is not None or short:
        return _check(found, question, context)
    return resolve(bare, question, context, led_in=bare != plain)


def conversation(history: Sequence[Turn], outlets: Sequence[str], reads: Reads | None = None) -> Context:
    """The last exchanges of `history`, each question made to stand alone by those before it. `reads` finds what was answered."""
    context = Context(outlets=tuple(outlets))
    for question, answer in turns_asked(history):
        found = stand_alone(question, context)
        if found and found.weak and answer and not _goes_on(question, answer, context):
            found = None
        found = found or Resolution(question)
        genders = {**context.genders, **dict(found.genders)}
        exchange = Exchange(found.text, answer, reads, found.behind, _hides(question, found, context))
        context = Context((*context.exchanges, exchange), context.outlets, genders)
    return context


def _hides(question: str, found: Resolution, context: Context) -> bool:
    """Whether a "he" or "she" of the question is told nowhere, so that whoever it names is somebody else."""
    people = [one for one in anaphors(question, context.names(question)) if one.sort == "person"]
    return bool(people) and not found.genders


def _goes_on(question: str, answer: str, context: Context) -> bool:
    """Whether the answer has more of the exchange before than the question that it answers."""
    return bool((set(content_stems(answer)) - set(content_stems(question))) & context.stems)


def _check(found: str | None, question: str, context: Context) -> Resolution:
    """What a rule made where that is a question, behind what the earlier one leans on; else the question behind the topic."""
    text = as_question(found) if found else ""
    if text and is_question(text):
        return Resolution(text, context.last.behind)
    return Resolution(question, context.last.topic)


def _put(fragment: str, context: Context) -> str | None:
    """The fragment in its place in the earlier question, with its own "his" and "she" told."""
    earlier = context.last.question
    if bare := _BARE.match(fragment):
        return _reopen(bare["word"], earlier)
    if anaphors(fragment, context.names(fragment)) or not is_question(as_question(earlier)):
        return None
    return fill_slot(fragment, earlier, context)


def _reopen(word: str, earlier: str) -> str | None:
    """The earlier question opened with `word`: "Did X resign?" becomes "Why did X resign?"."""
    plain = without_mark(earlier)
    if not _YES_NO.match(plain) or (word.lower() == "when" and plain.lower().startswith("ha")):
        return None  # "When has she left?" is none
    return f"{word.capitalize()} {lower_first(without_times(plain) if word.lower() == 'when' else plain)}"


def _ask_again(bare: str, context: Context) -> str | None:
    """The earlier question asked of an outlet, or of why, where and when: "What does the Lantern say about it?"."""
    if reopened := _BARE.match(bare):
        return _reopen(reopened["word"], context.last.question)
    if turned := _turn(bare, context):
        return turned
    named = outlets_in(bare, context.outlets)
    if len(named) != 1 or not _OUTLET_SAYS.match(f"{bare[: named[0].start]}{bare[named[0].end :]}"):
        return None
    return with_outlet(without_mark(context.last.question), named[0], context.outlets)


def _turn(question: str, context: Context) -> str | None:
    """Why, where or when of what the earlier question asked about, unless it is known whom a "he" or "she" means."""
    people = [one for one in anaphors(question, context.names(question)) if one.sort == "person"]
    if any(antecedent(one, context) for one in people):
        return None
    recent = (exchange.question for exchange in reversed(context.exchanges[-3:]))
    earlier = next((asked for asked in recent if not anaphors(asked, context.names(asked))), None)
    return ask_of_event(question, earlier) if earlier else None


def _is_whole(text: str) -> bool:
    """Whether a text is a clause rather than a fragment: it opens like a question or has a verb of its own."""
    words = [word.low for word in tokens(text)]
    if any(word in ASKING | AUXILIARIES for word in words):
        return _BARE.match(text) is None
    if not words or words[0] in PREPOSITIONS:
        return False
    return (len(words) > 4 and any(map(is_verb, words))) or words[0] in VERBS - EVENTS


def _is_fragment(bare: str, question: str, led_in: bool, context: Context) -> bool:
    """Whether a text without a verb is meant for a slot of the earlier question, and is no query of words on its own."""
    words = tokens(bare)
    if not words or _is_whole(bare) or len(words) > _LONGEST_FRAGMENT:
        return False
    if led_in or words[0].low in PREPOSITIONS | {"how", "according"} or _BARE.match(bare):
        return True
    if any(time.end - time.start >= len(bare) - 1 for time in times(bare)) or outlets_in(bare, context.outlets):
        return True
    if not question.rstrip().endswith("?"):
        return False
    named = len(context.names(f"about {bare}")) == 1 and len(words) <= 4
    return named or words[0].low == "the" or sum(map(is_content, words)) <= 1
