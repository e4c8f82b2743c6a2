"""A question of a word or two, "Why?" or "Which two?", asked of what was said before."""

from __future__ import annotations

from collections.abc import Callable

import regex

from rag.understand.followup.antecedents import antecedent
from rag.understand.followup.context import Context
from rag.understand.followup.joining import with_scope, with_topic
from rag.understand.followup.leaning import definites
from rag.understand.followup.lexicon import VERBS
from rag.understand.followup.papers import without_papers
from rag.understand.followup.phrases import topic
from rag.understand.followup.times import times
from rag.understand.followup.words import lower_first, past, tokens, without_mark

_ADJUNCTS = "why|where|when|how"
_BARE = regex.compile(
    r"^(?:(?:but|and|so)\s)?(?P<words>(?:why|where|when|how|who|what)(?:\s(?:exactly|then|is that|was that|did that happen))?"
    r"|why (?:not|so)|how (?:so|come)|what for|for what|since when|until when|for how (?:long|much|many)|how long"
    r"|(?:by|with|from|to|against) whom|whom|whose|which(?: ones?)?"
    r"|how (?:many|much|often|far|big|high|old)(?: exactly)?|by how (?:many|much)"
    r"|in what way|at what (?:cost|price|time)|under what conditions?|on what grounds)$",
    regex.IGNORECASE,
)
_MORE = regex.compile(
    r"^(?:(?:can you |could you |please )*(?:tell|give) me more(?: about (?:it|this|that))?|more(?: details?)?(?: please)?"
    r"|go on|anything (?:else|more|new)|(?:and )?what (?:else|more)(?: is known| happened)?|(?:any |more )?details?"
    r"|is (?:there anything|that all)(?: else| more)?|elaborate|continue|and then|then what)$",
    regex.IGNORECASE,
)
_DOUBT = regex.compile(r"^(?:really|are you sure|is (?:that|this|it) (?:so|true|right|correct|certain))$", regex.IGNORECASE)
_NUMBERED = regex.compile(
    r"^which\s(?P<number>two|three|four|five|six|seven|eight|nine|ten|\d+)(?:\s(?P<noun>\p{L}+))?$", regex.IGNORECASE
)
_YES_NO = regex.compile(
    r"^(?P<aux>did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)\s(?P<rest>.+)$", regex.IGNORECASE
)
_ANYBODY = regex.compile(r"^(?P<any>any(?:body|one)|some(?:body|one)|anything|something)\s(?P<rest>.+)$", regex.IGNORECASE)
_WH = regex.compile(
    rf"^(?:{_ADJUNCTS})\s(?=(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)\b)", regex.IGNORECASE
)
_ARGUMENTS = frozenset(("who", "whom", "whose", "what", "which", "which one", "which ones", "how many", "how much"))
"""Words that ask for what takes part, not for how, when or why."""
_LONGEST_STATEMENT = 200


def replied(question: str, context: Context) -> str | None:
    """The earlier question or its answer asked about as the word or two say; None for any other question."""
    asked = without_mark(question)
    if found := _BARE.match(asked):
        return _bare(found["words"].lower(), context)
    if _MORE.match(asked):
        about = topic(context.last.question, context.outlets)
        return with_scope(f"What else is known about {about}" if about else with_topic(asked, context), context)
    if _DOUBT.match(asked):
        return without_mark(context.last.question)
    if numbered := _NUMBERED.match(asked):
        return _numbered(numbered, context)
    return None


def _bare(words: str, context: Context) -> str:
    word = _plain(words)
    return (
        _asked_again(word, context) or _of_statement(word, context) or with_scope(with_topic(word.capitalize(), context), context)
    )


def _plain(words: str) -> str:
    """A bare question's words in the form in which they open a whole one."""
    words = regex.sub(r"\s(?:exactly|then|was that|is that|did that happen)$", "", words)
    return {"how so": "why", "how come": "why", "what for": "why", "for what": "why", "why so": "why", "why not": "why"}.get(
        words, words
    )


def _asked_again(word: str, context: Context) -> str | None:
    """The earlier question opened with `word`: "Did X resign?" becomes "Why did X resign?"."""
    earlier = without_mark(context.last.question)
    if yes_no := _YES_NO.match(earlier):
        anybody = _ANYBODY.match(yes_no["rest"])
        if anybody and word in ("who", "what", "which"):
            opened = "What" if word == "what" or anybody["any"].lower().endswith("thing") else "Who"
            return f"{opened} {_of_subject(yes_no['aux'].lower(), anybody['rest'])}"
        if word in _ARGUMENTS:
            return None
        rest = earlier
        if word in ("when", "since when"):
            rest = _without_time(rest)
        return f"{word.capitalize()} {lower_first(rest)}"
    if _WH.match(earlier) and word not in _ARGUMENTS:
        return f"{word.capitalize()} {_WH.sub('', _without_time(earlier) if word == 'when' else earlier)}"
    return None


def _of_subject(auxiliary: str, rest: str) -> str:
    """The verb of a question for its subject: "did offer" becomes "offered"."""
    verb, _, after = rest.partition(" ")
    return f"{past(verb)} {after}".strip() if auxiliary == "did" and verb in VERBS else f"{auxiliary} {rest}"


def _without_time(question: str) -> str:
    for time in reversed(times(question)):
        question = f"{question[: time.start].rstrip(' ,')}{question[time.end :]}"
    return question


def _of_statement(word: str, context: Context) -> str | None:
    """The answer asked about: "Why is it that the bank left its rate unchanged?"."""
    said = statement(context, timeless=word in ("when", "since when"))
    openings = {
        "why": "Why is it that",
        "when": "When was it that",
        "where": "Where was it that",
        "how": "How was it that",
        "since when": "Since when is it that",
        "who": "Who was it when",
    }
    if said is None or word not in openings or word == "who":
        return None
    return with_scope(f"{openings[word]} {said}", context) if word != "when" else f"{openings[word]} {said}"


def statement(context: Context, timeless: bool = False) -> str | None:
    """The first sentence of the answer as a clause, without times that only its own day explains, or any; None without one."""
    found = regex.match(r"^[^.!?]*(?:[.!?](?=\S)[^.!?]*)*", context.last.answer)
    said = found[0].strip() if found else ""
    for time in reversed(times(said)):
        if time.year is None or timeless:
            said = f"{said[: time.start].rstrip(' ,')}{said[time.end :]}"
    said = without_papers(said, context.outlets)
    words = tokens(said)
    if not words or words[0].low in VERBS:  # an instruction, not a statement
        return None
    if not 15 <= len(said) <= _LONGEST_STATEMENT or "“" in said or '"' in said or len(tokens(said)) < 4:
        return None
    said = lower_first(said)
    for bare in definites(said, context.names(said))[:1]:
        if bare.start == 0 and (meant := antecedent(bare, context)):
            said = f"{lower_first(meant)}{said[bare.end :]}"
    return said


def _numbered(found: regex.Match[str], context: Context) -> str:
    """ "Which two?" with what the answer says of two: "Which two preferred to wait?"."""
    asked = f"Which {found['number'].lower()}{' ' + found['noun'] if found['noun'] else ''}"
    told = regex.search(rf"\b{regex.escape(found['number'])}\s(?P<rest>[^.;:!?]{{3,80}})", context.last.answer, regex.IGNORECASE)
    if told and not found["noun"]:
        asked = f"Which {found['number'].lower()} {told['rest'].strip()}"
    return with_scope(with_topic(asked, context), context)


Reply = Callable[[str, Context], str | None]
