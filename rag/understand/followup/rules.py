"""Rules that make a follow-up stand alone: what it is first, then what it takes from the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from rag.types import Turn
from rag.understand.followup.context import Context, Exchange, Reads, turns_asked
from rag.understand.followup.lexicon import AUXILIARIES, IRREGULAR, PREPOSITIONS, VERBS, WH
from rag.understand.followup.papers import papers, with_paper
from rag.understand.followup.phrases import HEADS_OF_EVENTS
from rag.understand.followup.pronouns import anaphors
from rag.understand.followup.replies import replied
from rag.understand.followup.resolving import Resolved, resolved
from rag.understand.followup.slots import slotted
from rag.understand.followup.times import times
from rag.understand.followup.words import asked, content_stems, is_content, tokens, without_mark

_LED_IN = regex.compile(
    r"^(?:(?:and|but|or|so|ok(?:ay)?|also|then|well|thanks|thank you|yes|right|great|please|now|sorry|hm+|all right)"
    r"(?:,?\s+|[.!]\s+))+(?=\S)",
    regex.IGNORECASE,
)
_WHAT_ABOUT = regex.compile(
    r"^(?:what|how)(?:\s(?:is|was|’s|'s))?\sabout\s+|^(?:same\s(?:question\s)?for|the\ssame\s(?:for|in))\s+", regex.IGNORECASE
)
_CORRECTS = regex.compile(
    r"^(?:(?:no|nope|sorry|actually|wait|oops|pardon|correction|rather|not [^,.!:]{1,40})[,.!:–-]*\s+){0,3}"
    r"(?:(?:but\s)?i\s(?:mean|meant|wanted|(?:was|am)\s(?:asking|talking)\sabout)|i[’']m\s(?:asking|talking)\sabout"
    r"|make\s(?:that|it)|rather)[,:]?\s+(?P<what>.+)$"
    r"|^(?:no|nope|sorry|oops|pardon|correction|actually)[,.!:–-]+\s+(?:not\s[^,]+,\s*(?:but\s)?)?(?P<short>.+)$",
    regex.IGNORECASE,
)
_OUTLET_ASKED = regex.compile(
    r"^(?:what|how|did|does|do|has|have|is there)\b.*\b(?:says?|said|writes?|wrote|written|reports?|reported|tells?|told|claims?"
    r"|puts?|cover|covered|have|gives?)\b(?P<rest>.*)$",
    regex.IGNORECASE,
)
_ABOUT_IT = regex.compile(
    r"^\s*(?:(?:(?:any|some)thing(?:\s(?:else|different))?|else|differently)\s?)?"
    r"(?:(?:about|on|of)\s)?(?:it|this|that|them|there|the\s(?:matter|topic|subject|same))?\s*$",
    regex.IGNORECASE,
)
_ASKED_NOUN = regex.compile(r"(?:how\s(?:many|much)|which|what)\s(?:\p{L}+\s)?\p{L}+$", regex.IGNORECASE)
_LONGEST_FRAGMENT = 12


def stand_alone(question: str, context: Context) -> Resolved | None:
    """The question as it would be asked without the conversation; None where it stands alone already."""
    if not context.exchanges or not tokens(question):
        return None
    plain = without_mark(question)
    if corrected := _corrected(plain, context):
        return corrected
    bare = _LED_IN.sub("", plain)
    led_in = bare != plain
    if about := _WHAT_ABOUT.match(bare):
        rest = bare[about.end() :]
        return Resolved(asked(slotted(_told(rest, context), context))) if not _stands_alone(rest, context) else None
    if (reply := replied(plain, context) or replied(bare, context)) is not None:
        return Resolved(asked(reply))
    if (outlet := _outlet_asked(bare, context)) is not None:
        return Resolved(asked(outlet))
    if _is_fragment(bare, question, led_in, context):
        return Resolved(asked(slotted(_told(bare, context), context)))
    found = resolved(bare, context, led_in)
    return replace(found, text=asked(found.text)) if found else None


def _corrected(plain: str, context: Context) -> Resolved | None:
    """The earlier question with the correction in its place; a correction that is a whole question stands for itself."""
    found = _CORRECTS.match(plain)
    if found is None:
        return None
    what = found["what"] or found["short"]
    if found["short"] and (_is_whole(what) or len(tokens(what)) > 6):
        return None
    if _is_whole(what):
        return stand_alone(what, context) or Resolved(asked(what))
    return Resolved(asked(slotted(what, context)))


def _is_whole(text: str) -> bool:
    """Whether a text is a clause rather than a fragment: it opens like a question or has a verb of its own."""
    words = tokens(text)
    if not words:
        return False
    if words[0].low in WH:
        return not _ASKED_NOUN.match(text.strip()) or any(word.low in AUXILIARIES or _is_verb(word.low) for word in words[1:])
    if any(word.low in WH | AUXILIARIES for word in words):
        return True
    told = len(words) > 4 and words[0].low not in PREPOSITIONS and any(_is_verb(word.low) for word in words)
    return told or words[0].low in VERBS - HEADS_OF_EVENTS - {"cost"}


def _is_verb(word: str) -> bool:
    return word in VERBS or word in IRREGULAR or (word.endswith("ed") and len(word) > 4)


def _is_fragment(bare: str, question: str, led_in: bool, context: Context) -> bool:
    """Whether a text without a verb is meant for a slot of the earlier question, and is no query of words on its own."""
    words = tokens(bare)
    if not words or _is_whole(bare) or len(words) > _LONGEST_FRAGMENT:
        return False
    if led_in:
        return True
    only = [word for word in words if is_content(word)]
    if words[0].low in (
        "in",
        "on",
        "at",
        "for",
        "of",
        "by",
        "since",
        "until",
        "after",
        "before",
        "during",
        "under",
        "with",
        "from",
        "according",
        "how",
        "to",
        "against",
    ):
        return True
    if times(bare)[:1] and times(bare)[0].end - times(bare)[0].start >= len(bare) - 1:
        return True
    if papers(bare, context.outlets) and len(only) <= 4:
        return True
    if not question.rstrip().endswith("?"):
        return False
    return (len(context.names(f"about {bare}")) == 1 and len(words) <= 4) or bare.lower().startswith("the ") or len(only) == 1


def _stands_alone(rest: str, context: Context) -> bool:
    """Whether "what about …" goes on with a topic of its own: several things named or described that were not spoken of."""
    del context
    return len(tokens(rest)) > _LONGEST_FRAGMENT


def _told(fragment: str, context: Context) -> str:
    """A fragment with its own pronouns replaced: "her husband" becomes "Lena Vasko’s husband"."""
    if not anaphors(fragment, context.names(fragment)):
        return fragment
    found = resolved(fragment, replace(context, exchanges=context.exchanges), led_in=False)
    return regex.sub(r"\s\([^()]*\)$", "", without_mark(found.text)) if found else fragment


def _outlet_asked(bare: str, context: Context) -> str | None:
    """The earlier question asked of an outlet: "What does the Lantern say about it?"."""
    named = papers(bare, context.outlets)
    if len(named) != 1:
        return None
    without = f"{bare[: named[0].start]}{bare[named[0].end :]}"
    found = _OUTLET_ASKED.match(without)
    if found is None or not _ABOUT_IT.match(found["rest"]):
        return None
    return with_paper(without_mark(context.last.question), named[0], context.outlets)


def _goes_on(question: str, answer: str, context: Context) -> bool:
    """Whether the answer has more of the exchange before than the question that it answers."""
    return bool((set(content_stems(answer)) - set(content_stems(question))) & context.stems)


def conversation(history: Sequence[Turn], outlets: Sequence[str], reads: Reads | None = None) -> Context:
    """The last exchanges of `history`, each question made to stand alone by those before it. `reads` finds what was answered."""
    context = Context(outlets=tuple(outlets))
    for question, answer in turns_asked(history):
        found = stand_alone(question, context)
        if found and found.weak and answer and not _goes_on(question, answer, context):
            found = None
        text = found.text if found else question
        genders = dict(context.genders) | dict(found.genders if found else ())
        context = Context((*context.exchanges, Exchange(text, answer, reads)), context.outlets, genders)
    return context
