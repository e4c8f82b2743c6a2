"""Questions in another language than English, which the archive is searched for by their names alone."""

from __future__ import annotations

import re

FOREIGN = "The question is not in English: these are lines about the names in it."
_ASKING = frozenset(
    """
    qui quand où pourquoi comment combien quel quelle quels quelles est-ce quoi wer wen wem wann wo warum wie wieso
    weshalb wieviel welche welcher welches quién quien quiénes cuándo cuando dónde donde cómo cuánto cuánta cuántos
    cuántas qué cuál chi dove perché perche quanto quanti quante quale quem onde quais porque wanneer waarom hoeveel welke
    kto kiedy gdzie dlaczego ile hvem hvornår hvorfor vem när varför
    """.split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
OPENING = 2
"""Words among which the one that asks stands."""


def is_foreign(question: str) -> bool:
    """Whether a question opens with a word by which another language asks."""
    return any(word.lower() in _ASKING for word in _WORD.findall(question)[:OPENING])
