"""Rules that make a follow-up stand alone; where they make no question of it, it is searched for behind the topic.

Each was kept because without it the right articles of the sample's follow-ups are found later, or because a person is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.english.lexicon import ASKING, AUXILIARIES, EVENTS, PREPOSITIONS, VAGUE, VERBS
from rag.english.name_kinds import Gender
from rag.english.names import Name
from rag.english.outlets import outlets_in, with_outlet
from rag.english.questions import is_question
from rag.english.times import times, without_times
from rag.english.words import as_question, content_stems, is_content, is_verb, lower_first, stem, tokens, without_mark
from rag.types import Turn
from rag.understand.followup.anaphors import Anaphor, anaphors, has_definite, tells_first
from rag.understand.followup.antecedents import antecedent, gender_of
from rag.understand.followup.conversation import Context, Exchange, Reads, turns_asked
from rag.understand.followup.events import ask_of_event
from rag.understand.followup.idle import is_idle
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
_KEPT_IT = regex.compile(r"\b(?:do|did|does|done|doing|say|said|saying|make|made)\s+$", regex.IGNORECASE)
"""Before an "it" that stands for what was done or said as a whole, for which no noun can be put."""
_HAPPENED = regex.compile(
    r"\s(?:happen|occur|take place)|\s(?:(?:first|last|also)\s)?(?:published|printed|posted|updated)\b", regex.I
)
"""After an "it" that is an event, or the article itself: "When was it published?"."""
_LASTS = regex.compile(r"\s(?:begin|start|last|end|finish|continue)\b", regex.IGNORECASE)
"""What events do, and no places or people: "When does it begin?"."""
_LONGEST_FRAGMENT = 12
_STEMS_OF_A_TOPIC = 3
"""A question with so many words of content brings its own topic."""
_VAGUE_STEMS = frozenset(stem(word) for word in VAGUE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A question, and what it is searched for `behind`, "" where it stands alone. `genders` are those that it told of people.

    It is `weak` where only its shortness says that it leans on another.
    """

    text: str
    behind: str = ""
    genders: tuple[tuple[str, Gender], ...] = ()
    weak: bool = False


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
    return _resolve(bare, question, context, led_in=bare != plain)


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


def _resolve(bare: str, question: str, context: Context, led_in: bool) -> Resolution | None:
    """A whole question with its pronouns told; behind the topic where some are not; None where it leans on nothing."""
    own = context.names(bare)
    found = anaphors(bare, own)
    if not found:
        return Resolution(question, context.last.topic, weak=True) if _leans(bare, own, led_in) else None
    text, genders, left = bare, list[tuple[str, Gender]](), False
    for anaphor in reversed(_first_mentions(found)):
        meant = None if _stays(anaphor, bare) else antecedent(anaphor, context)
        if meant is None or meant.lower() in bare.lower() or _misfits(anaphor, bare, meant, context):
            left = True
            continue
        text = _replace_anaphor(text, anaphor, meant)
        if anaphor.sort == "person":
            genders.append((meant, gender_of(anaphor.word)))
    if text == bare or not is_question(as_question(text)):
        return Resolution(question, context.last.topic)
    return Resolution(as_question(text), context.last.topic if left else "", tuple(genders))


def _stays(anaphor: Anaphor, question: str) -> bool:
    """Whether an "it" is what was done or said as a whole."""
    of_thing = anaphor.sort != "it" or anaphor.owner or anaphor.subject
    happened = anaphor.sort == "it" and _HAPPENED.match(question, anaphor.end) is not None
    return happened or (not of_thing and _KEPT_IT.search(question[: anaphor.start]) is not None)


def _misfits(anaphor: Anaphor, question: str, meant: str, context: Context) -> bool:
    """Whether an "it" begins or lasts, which what is meant cannot: a name of a place, or of nobody knows what."""
    named = any(name.name == meant and name.kind in ("place", "name", "body") for name in context.names(f"about {meant}"))
    return anaphor.sort == "it" and named and _LASTS.match(question, anaphor.end) is not None


def _leans(question: str, own: Sequence[Name], led_in: bool) -> bool:
    """Whether a question without pronouns is likely to go on with the topic: it names nobody and nothing, and says little."""
    if own or tells_first(question):
        return False
    stems = [one for one in content_stems(without_times(question)) if one not in _VAGUE_STEMS]
    return len(stems) < _STEMS_OF_A_TOPIC or (len(stems) < 2 * _STEMS_OF_A_TOPIC and (led_in or has_definite(question)))


def _first_mentions(found: Sequence[Anaphor]) -> list[Anaphor]:
    """The first of each sort: "she" may go on as "she" once it is told who she is."""
    first: dict[str, Anaphor] = {}
    for one in found:
        first.setdefault(gender_of(one.word) if one.sort == "person" else one.sort, one)
    return sorted(first.values(), key=lambda one: one.start)


def _replace_anaphor(text: str, anaphor: Anaphor, meant: str) -> str:
    """`text` with the anaphor's words replaced by `meant`, as an owner where they are one."""
    before, after = text[: anaphor.start], text[anaphor.end :]
    meant = f"the {meant[4:]}" if meant.startswith("The ") else meant
    if anaphor.owner:
        meant = f"{meant}’" if meant.endswith("s") else f"{meant}’s"
    return f"{before}{meant}{after}"
