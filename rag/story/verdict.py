"""Yes or no, by whether the best statement says what the question supposes, and premises that the archive contradicts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.forms import Row
from rag.story.claims import LEAST, Held, compare, is_of_future, may_follow, same_actor, tells_of_future
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlets_of
from rag.story.relation import SAME_TIME
from rag.story.speaking import speaker_of
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Sentence

SAYS, DENIES = 0.85, 0.72
"""The share of a claim that stands in a statement which says it, or which denies it, for which it has a word."""
QUOTED_YES, QUOTED_NO = 0.7, 0.55
"""The same where the reader chose the statement."""
NEAR = 0.4
"""The share that a statement has at least to be shown as the nearest to what is asked."""
SHOWN = 2
NEARLY = 0.15
"""How much less of a claim a statement has at most that is set against the best one."""
BOTH = "The articles say both."
_AUXILIARY = re.compile(
    r"^(?:and |so |but )?(?:is it true that|is|are|was|were|do|does|did|has|have|had|can|could"
    r"|will|would|should|may|might)(n['’]t)?\s+",
    re.IGNORECASE,
)
_ANYBODY = re.compile(r"\b(?:anyone|anybody|anything|any|someone|somebody|something|some)\b", re.IGNORECASE)
_STILL = re.compile(r"\b(?:still|yet|again|already|ever|really|actually|any|also|now|currently|being|behind)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:why|when|how|where|by what \w+|for what \w+|in which \w+)\s+(?:did|does|do|was|were|is|are|has|have|had)(n['’]t)?\s+",
    re.IGNORECASE,
)
_JUDGING = re.compile(r"^should\b|\b(?:good|bad|better|worse|best|worst|right|wrong|great|fair|stupid|nice)\b", re.IGNORECASE)
"""What asks for a judgement, which no report decides."""


def verdict(question: str, story: Story) -> StoryAnswer | None:
    """Yes or no with the statement that decides it; None where no statement says enough."""
    claim = claim_of(question)
    held = compare(claim, story.found, LEAST, is_of_future(question)) if claim else []
    return _decide([each for each in held if each.share >= (DENIES if each.contrary else SAYS)], story)


def judge(question: str, story: Story, quotes: Sequence[str]) -> StoryAnswer | None:
    """Yes or no by the statements that a reader has chosen as an answer; None where they do not say."""
    claim = claim_of(question)
    chosen = [one for one in story.found if any(one.statement.text in quote for quote in quotes)]
    held = compare(claim, chosen, QUOTED_NO, is_of_future(question)) if claim and chosen else []
    return _decide([each for each in held if each.contrary or each.share >= QUOTED_YES], story)


def nearest(question: str, story: Story) -> ScoredStatement | None:
    """The statement that has most of what is asked, where one has enough of it to be worth showing."""
    claim = claim_of(question) or question
    held = compare(claim, story.found, NEAR, to_come=True)
    return max(held, key=lambda each: (each.share, each.one.weight)).one if held else None


def _decide(decisive: Sequence[Held], story: Story) -> StoryAnswer | None:
    """What the newest of the statements with most of the claim decides; None without any."""
    if not decisive:
        return None
    best = max(decisive, key=lambda each: (round(each.share, 2), _newer(each), each.one.weight))
    if rival := next((each for each in decisive if _is_rival(each, best)), None):
        return _tell(None, [best, rival], story, (BOTH,))
    others = [each for each in decisive if each is not best and bool(each.contrary) == bool(best.contrary)]
    short = "No" if best.contrary else "Yes"
    return _tell(short, [best, *sorted(others, key=lambda each: -each.share)][:SHOWN], story)


def _is_rival(one: Held, best: Held) -> bool:
    """Whether a statement says the contrary of the best one, nearly as surely and at the same time."""
    contrary = bool(one.contrary) != bool(best.contrary)
    return contrary and best.share - one.share <= NEARLY and abs(_newer(one) - _newer(best)) <= SAME_TIME.days


def find_contradiction(question: str, story: Story) -> StoryAnswer | None:
    """A question whose premise the archive denies is told so with the quote; None where some statement says what it supposes."""
    found = _QUESTION.match(question)
    if found is None:
        return None
    claim = question[found.end() :].strip(" ?")
    held = [each for each in compare(claim, story.found, LEAST) if each.share >= DENIES]
    held = [each for each in held if each.contrary is None or _contradicts(claim, each)]
    if not held or any(each.contrary is None for each in held):
        return None
    best = max(held, key=lambda each: (each.share, each.one.weight))
    return _tell(None, [best], story, ("The articles say otherwise than the question supposes.",))


def _contradicts(claim: str, each: Held) -> bool:
    """Whether a statement tells the contrary of whom the claim is about, as of something that has happened and not just later."""
    return same_actor(claim, each.one) and not tells_of_future(each.one.statement.text) and not may_follow(each)


def asks_premise(question: str) -> bool:
    """Whether a question supposes that something happened: "When did …?"."""
    return _QUESTION.match(question) is not None


def claim_of(question: str) -> str | None:
    """What a question to be answered yes or no supposes, without its auxiliary."""
    found = None if _JUDGING.search(question) else _AUXILIARY.match(question)
    return _ANYBODY.sub(" ", _STILL.sub(" ", question[found.end() :])).strip(" ?") if found else None


def _newer(each: Held) -> int:
    day = each.one.statement.reported
    return day.toordinal() if day else 0


def _tell(short: str | None, held: Sequence[Held], story: Story, notices: tuple[str, ...] = ()) -> StoryAnswer:
    notes, rows = Footnotes(story.articles), []
    for each in held:
        said = each.one.statement
        rows.append(
            Row("verdict", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported, speaker_of(said.text))
        )
    sentences = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    confidence = min(0.9, 0.45 + 0.4 * held[0].share)
    return StoryAnswer("yes/no", sentences, notes.citations, tuple(rows), short, round(confidence, 4), notices, story.passages)
