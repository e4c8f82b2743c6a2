"""What the form of a question is told by: cues, and its words in their order with names, numbers and words of content as classes.

A question's form lies in its small words and where they stand; as classes, words of content say the same for any topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.story.cues import cues

OUTLET = "OUTLET"
LONGEST = 3
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d[\d.,:-]*|[?:“”\"«»]")
_SMALL = frozenset(
    """
    a about after again all am an and any anyone anybody are as at back be been before being between both but by can come could
    did didn't do does doesn't don't during each else ever exactly far fast for from get give go going had has hasn't have he her
    here high him his how i if in is isn't it its just let list long made make many me more most much must my name new no not now
    of off often old on only or other our out over said same say says she should show so some still such tell than that the their
    them there these they this those through to up us was wasn't we were weren't what what's when where which who who's whom whose
    why will with won't would yes you your outlet
    """.split()  # noqa: SIM905
)


def features(question: str, outlets: Sequence[str] = ()) -> set[str]:
    """The features that the question has, each once. Names of `outlets` count as such, whatever they are called."""
    plain = without_names(question, outlets)
    tokens = _TOKEN.findall(plain)
    words = ["^", *(token.lower() for token in tokens), "$"]
    classes = ["^", *(_class(token, at) for at, token in enumerate(tokens)), "$"]
    named = cues(plain)
    found = {f"cue {name}" for name in named} | {f"cues {min(len(named), 4)}", f"long {min(len(tokens), 12) // 2}"}
    found |= {f"w {gram}" for gram in _grams(words)} | {f"c {gram}" for gram in _grams(classes)}
    return found | {f"first {words[1]}"} | ({"cue no small words"} if not _SMALL.intersection(words) else set())


def without_names(question: str, outlets: Sequence[str]) -> str:
    """The question with a stand-in for the name of each outlet, and straight apostrophes."""
    plain = question.replace("’", "'")
    bare = sorted({outlet.removeprefix("The ").strip() for outlet in outlets}, key=len, reverse=True)
    named = "|".join(re.escape(name) for name in bare if len(name) > 1)
    return re.sub(rf"\b(?:The )?(?:{named})\b", OUTLET, plain) if named else plain


def _class(token: str, at: int) -> str:
    word = token.lower()
    if word in _SMALL or not token[0].isalnum():
        return '"' if word in '“”"«»' else word
    if token[0].isdigit():
        return "#"
    if at and token[0].isupper():
        return "N"
    ends = next((end for end in ("ing", "ed", "ly", "s") if len(word) > 4 and word.endswith(end)), "")
    return f"_{ends}"


def _grams(tokens: list[str]) -> Iterator[str]:
    for size in range(1, LONGEST + 1):
        for start in range(len(tokens) - size + 1):
            yield " ".join(tokens[start : start + size])
