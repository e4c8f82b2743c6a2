"""A question to the form of its answer, by a small classifier (`python -m eval.fit_form`) and a few rules that are certain.

The classifier is a multinomial logistic regression over the features of `rag.story.features`. Where it is not sure the form is
the plain one, a fact: a wrong form says something that was not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.forms import FORMS, Form
from rag.story.cues import cues
from rag.story.features import OUTLET, features, without_names
from rag.story.foreign import is_foreign

LEAST = 0.25
"""The probability from which a form is taken at the classifier's word."""
GRAM = 0.15
"""What an n-gram counts beside a cue, which is 1."""
_TOPIC = re.compile(r"[\w$€£%&'’.,-]+(?: [\w$€£%&'’.,-]+){0,7}")
_QUESTION = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|has|have|had|can|will|would|should|could|tell|show"
    r"|list|name|give|explain|thanks?|hi|hello|hey|you|your|more|ok|okay|bye|help|please|i|me|latest|update|updates|newest"
    r"|articles?|stories|sources?|timeline|chronology|compare|summary|summar\w+|said|quotes?|number)\b|\w['’]s\b$",
    re.IGNORECASE,
)


_ASKED = re.compile(
    r"^(?:please |can you |could you |would you |and |so )*(?:explain|tell me|say|i(?:['’]d"
    r"| would)? (?:want|like) to know|do you know)(?: to me| me)?,? "
    r"(?=(?:why|when|where|whether|how (?:many|much|long|old|big))\b)",
    re.IGNORECASE,
)
"""What stands before a question that is asked within another: "Explain why …"."""
_ADVICE = re.compile(r"^(?:and |so |but )*(?:should (?:i|we|one|people|you)|(?:shall|must|ought|can) (?:i|we))\b", re.IGNORECASE)
_SEVERAL = re.compile(r"^(?:who|what|when|where|why|how)\b.*,? (?:and )?(?:when|where|why|how|by whom)\W*$", re.IGNORECASE)
_TWO_ASKED = re.compile(r",\s*(?:and )?(?:who|what|when|where|why|how)\b|\band (?:who|what|when|where|why|how)\b", re.IGNORECASE)
_DOES = re.compile(r"^what (?:do|does|did|would|will) .{3,60} (?:do|mean|involve|change)\W*$", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:and |so |ok(?:ay)?,? |now )*(?:(?:what|how) about\b|what (?:do|does) (?:we|you|the archive) know (?:about|of|on)\b)",
    re.IGNORECASE,
)
_WHOSE_WORDS = re.compile(
    r"^(?:and |so )?who\b[^\"“]{0,40}\b(?:said|says|wrote|writes|tweeted|asked|told)\b[^\"“]{0,30}[\"“]", re.I
)
"""Who said "words"?"""
_UNFOLDED = re.compile(
    r"^(?:and |so )?how (?:did|has|have) .{3,80} (?:unfold(?:ed)?|evolved?|develop(?:ed)?|play(?:ed)? out)\W*$", re.IGNORECASE
)
_BY_OUTLET = re.compile(
    rf"\b(?:do|does|did|has|have|how) (?:the )?{OUTLET}\b.*\b(?:say|said|report(?:ed)?|write|written"
    rf"|tell|told|claim(?:ed)?|put|give|describe[d]?|cover(?:ed)?)\b"
    rf"|\baccording to {OUTLET}"
)
"""A question for what an outlet says."""
_COUNT = re.compile(r"\b(?:articles?|stories|story|pieces?|headlines?|publish\w*|wrote|write|written)\b", re.IGNORECASE)
LOOKED_AT = 1_000
"""Characters of each end: some cues take time with the square of what they may stand in."""


@dataclass(frozen=True, slots=True)
class FormModel:
    """`weights` of shape (features, forms), the row of a feature at `rows[feature]`; `bias` of shape (forms,)."""

    forms: tuple[Form, ...]
    rows: dict[str, int]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def probabilities(self, question: str, outlets: Sequence[str] = ()) -> dict[Form, float]:
        """The probability of each form."""
        logits = self.bias.copy()
        for feature in sorted(features(question, outlets)):
            if (row := self.rows.get(feature)) is not None:
                logits += self.weights[row] * value(feature)
        exponents = np.exp(logits - logits.max())
        return dict(zip(self.forms, (exponents / exponents.sum()).tolist(), strict=True))

    def form(self, question: str, outlets: Sequence[str] = ()) -> Form:
        """The most probable form, or a fact where none is probable; a few words that ask nothing are a topic to be briefed on."""
        question = _ASKED.sub("", question)
        if is_topic(question) or _ABOUT.match(question) or is_broad(question):
            return "briefing"
        if _WHOSE_WORDS.match(question):
            return "quotation"
        if _UNFOLDED.match(question):
            return "timeline"
        if outlets and not _COUNT.search(question) and _BY_OUTLET.search(without_names(question, outlets)):
            return "comparison"
        found = self.probabilities(question, outlets)
        best = max(FORMS, key=lambda form: found[form])
        return best if found[best] >= LEAST else "fact"


def is_broad(question: str) -> bool:
    """Whether several lines answer a question better than one: advice, several questions in one, what something does, a question
    in another language."""
    several = _SEVERAL.match(question) and _TWO_ASKED.search(question)
    return bool(asks_advice(question) or several or _DOES.match(question) or is_foreign(question))


def asks_advice(question: str) -> bool:
    """Whether somebody asks what to do."""
    return _ADVICE.match(question) is not None


def value(feature: str) -> float:
    return 1.0 if feature.startswith("cue ") else GRAM


def is_topic(question: str) -> bool:
    """Whether the question is nothing but words of content, as one types them into a search box."""
    words = question.split()
    return 1 < len(words) <= 8 and bool(_TOPIC.fullmatch(question)) and not _QUESTION.search(question) and not cues(question)


@lru_cache(maxsize=1)
def load_form_model() -> FormModel:
    """The weights that come with the package. Raises ModelError when they are for other forms."""
    raw = json.loads((resources.files("rag.story") / "form.json").read_text("utf-8"))
    if set(raw["forms"]) != set(FORMS):
        raise ModelError("form.json was fitted for other forms; fit it again: python -m eval.fit_form")
    rows = {feature: row for row, feature in enumerate(raw["weights"])}
    weights = np.asarray(list(raw["weights"].values()), np.float64).reshape(len(rows), len(raw["forms"]))
    return FormModel(tuple(raw["forms"]), rows, weights, np.asarray(raw["bias"], np.float64))


def form_of(question: str, outlets: Sequence[str] = ()) -> Form:
    """The form that an answer to `question` has; `outlets` are those of the archive. Signs without a word ask for no story. Of a
    very long question the beginning and the end are looked at, where what it asks for stands."""
    if not any(char.isalnum() for char in question):
        return "fact"
    if len(question) > 2 * LOOKED_AT:
        question = f"{question[:LOOKED_AT]} {question[-LOOKED_AT:]}"
    return load_form_model().form(question, outlets)
