"""Words of content: their stems, and how near they are in meaning."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import regex
import tantivy

from rag.english.lexicon import listed
from rag.protocols import Embedder
from rag.terms import Analysis
from rag.types import Vector

REMEMBERED = 20_000
"""Words and sentences whose embeddings are kept: 30 MB."""

_WORD = regex.compile(r"[\p{L}\p{N}]+(?:[’'.,-](?=[\p{L}\p{N}])[\p{L}\p{N}]+)*")
FUNCTION = listed("unchecked")

LIGHT = listed("light")
"""Words that say little by themselves, and change with the wording."""
_IRREGULAR = """
    arise arose arisen; bear bore borne; beat beaten; become became; begin began begun; bend bent; bite bit bitten;
    blow blew blown;
    break broke broken; bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen; come came;
    deal dealt; dig dug; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen;
    feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten;
    freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung; hear heard; hide hid hidden;
    hold held; keep kept; know knew known; lay laid; lead led; leave left; lend lent; lose lost; make made; mean meant; meet met;
    pay paid; prove proven; ride rode ridden; ring rang rung; rise rose risen; run ran; see saw seen; seek sought; sell sold;
    send sent; shake shook shaken; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat;
    sleep slept; speak spoke spoken; spend spent; spring sprang sprung; stand stood; steal stole stolen; strike struck;
    swear swore sworn; sweep swept; swim swam swum; take took taken; teach taught; tear tore torn; think thought;
    throw threw thrown; understand understood; wake woke woken; wear wore worn; win won; withdraw withdrew withdrawn; write wrote
    written; overthrow overthrew overthrown; undertake undertook undertaken; overtake overtook overtaken; tell told; say said
"""
IRREGULAR = {form: forms.split()[0] for forms in _IRREGULAR.split(";") for form in forms.split()[1:]}
"""Past forms that no stemmer knows, with the verb they are of."""


class Stems:
    """Words to stems, irregular verbs by their infinitives. Safe to share between threads once made."""

    def __init__(self) -> None:
        self._analyzer: tantivy.TextAnalyzer = Analysis().build()

    def of(self, text: str) -> list[str]:
        """The stems of the content words of `text`, in order."""
        return [stem for _, stem in self.pairs(text)]

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """The content words of `text`, in lower case, each with its stem, in order."""
        words = [found[0].casefold() for found in _WORD.finditer(text)]
        return [
            (word, stem)
            for word in words
            if word.removesuffix("’s") not in FUNCTION
            for stem in self._analyzer.analyze(IRREGULAR.get(word, word).encode("utf-8", "replace").decode())
            if len(stem) > 1
        ]


class Likeness:
    """How near in meaning two texts are: the cosine of their embeddings, 0 to 1. The last ones looked at are remembered."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, words: Sequence[str], others: Sequence[str]) -> list[float]:
        """For each of `words` the cosine of the nearest of `others`; 0 without any."""
        if not words or not others:
            return [0.0] * len(words)
        vectors = self.vectors([*words, *others])
        cosines = np.stack([vectors[word] for word in words]) @ np.stack([vectors[other] for other in others]).T
        return [float(cosine) for cosine in np.clip(cosines.max(axis=1), 0.0, 1.0)]

    def vectors(self, words: Sequence[str]) -> dict[str, Vector]:
        """The embeddings of words or sentences."""
        with self._lock:
            found = {word: self._known[word] for word in words if word in self._known}
        if unknown := list(dict.fromkeys(word for word in words if word not in found)):
            found |= dict(zip(unknown, self._embedder.embed_documents(unknown), strict=True))
        with self._lock:
            self._known.update(found)
            for word in found:
                self._known.move_to_end(word)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found
