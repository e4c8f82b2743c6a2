"""Words of a sentence that its source has no words for: "steel" where the source says "copper".

Synonyms and words of another meaning are about as near to each other by themselves. In their sentence they are not: a sentence
comes nearer to its source when a foreign word is left out, and nearer still when a word of the source is put in its place; in the
place of a synonym, both change little or take it further away.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from rag.verify.wording import LIGHT, Likeness

TRIED = 2
"""Words of the source that are put in the place of a word: those nearest to it."""
FOREIGN = 0.05
"""What the two gains in likeness must add up to in a sentence of up to SHORT words; one word of a longer one weighs less."""
SHORT = 12


def foreign_word(sentence: str, words: Sequence[str], source: str, others: Sequence[str], likeness: Likeness) -> str | None:
    """The first of `words`, which stand in `sentence` and not in `source`, that is foreign there.

    `others` are the words of the source that the sentence does not have.
    """
    least = FOREIGN * min(1.0, SHORT / max(1, len(sentence.split())))
    for word in words:
        if word not in LIGHT and gain(sentence, word, source, others, likeness) > least:
            return word
    return None


def gain(sentence: str, word: str, source: str, others: Sequence[str], likeness: Likeness) -> float:
    """How much nearer to `source` the sentence comes without `word`, and how much at best with one of `others` in its place."""
    vectors = likeness.vectors([word, *others])
    nearest = sorted(others, key=lambda other: -float(vectors[word] @ vectors[other]))[:TRIED]
    without, *changed = [_with(sentence, word, other) for other in ("", *nearest)]
    found = likeness.vectors([sentence, source, without, *changed])
    before = float(found[sentence] @ found[source])
    gains = [float(found[one] @ found[source]) - before for one in changed]
    return float(found[without] @ found[source]) - before + max(gains, default=0.0)


def _with(sentence: str, word: str, other: str) -> str:
    return " ".join(
        regex.sub(
            rf"(?<![\p{{L}}\p{{N}}]){regex.escape(word)}(?![\p{{L}}\p{{N}}])", other, sentence, flags=regex.IGNORECASE
        ).split()
    )
