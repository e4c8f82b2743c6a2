"""True sentences of public data sets, and the same with one thing changed by rule: pairs for `eval.claims --facts`.

Of MultiHop-RAG every second fact with the other facts of its article; of SQuAD one sentence of a paragraph with that
paragraph. The rules share nothing with those of `rag.verify`: what is put in comes from another sentence of the same data.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rag.sentences import sentence_spans

SEED = 7
PARAGRAPHS = 120
"""Paragraphs of SQuAD, evenly drawn from all."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DATES = (re.compile(rf"\b(?:{_MONTHS})\b"), re.compile(rf"\b(?:{_DAYS})\b"), re.compile(r"\b(?:1[5-9]|20)\d\d\b(?![,.]\d)"))
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][a-z]+ ){1,2}[A-Z][a-z]+\b")
_SPEAKER = re.compile(r"\b((?:[A-Z][a-z]+ ){1,2}[A-Z][a-z]+) (?=(?:said|told|says|added|argued|wrote|claimed)\b)")
_AUXILIARY = re.compile(r"\b(was|were|is|are|has been|will|would|could|can|had been|have been)(?! not\b| no\b| never\b|n’t)\b")
_NOT = re.compile(r"\b(was|were|is|are|has|have|will|would|could|can|did|does|do|had) not ")
_NOUN = re.compile(r"(?<=\b[Tt]he )[a-z]{5,}(?= (?:of|in|was|is|were|are|that|to|for|and|by)\b)")
_TWO_NAMES = re.compile(
    r"\b((?:[A-Z][a-z]+ )*[A-Z][a-z]+) ((?:[a-z]+ )*[a-z]+(?:ed|s|t) (?:[a-z]+ )?)((?:[A-Z][a-z]+ )*[A-Z][a-z]+)\b"
)
_JOINING = re.compile(r"\b(?:and|or|with|is|was|are|were|as|than|like)\b")
_OPENING = re.compile(r"^(?:In|On|At|By|During|After|Since|For) [^,]{3,40}, (?=[a-zA-Z])")
_ASIDE = re.compile(r", (?:which|who|including|such as|especially)\b[^,.;“”\"]{5,80}, |\s\([^()]{3,60}\)")
_FIGURE = re.compile(r"(\d) ?(?:percent|per cent)\b|(\d)%")


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence for `passage`: as it stands there or in another form when `supported`, else changed in the way of `kind`."""

    passage: str
    title: str
    outlet: str | None
    published: date | None
    sentence: str
    supported: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it stands in its passage."""

    sentence: str
    passage: str
    title: str
    outlet: str | None = None
    published: date | None = None


def make_changed_facts(folder: Path) -> list[Change]:
    """`folder` holds the folders multihop_rag and squad. Raises OSError where they are not there."""
    return changes([*facts(folder)[::2], *paragraphs(folder)])


def facts(folder: Path) -> list[Statement]:
    rows = [json.loads(line) for line in (folder / "multihop_rag" / "facts_corpus.jsonl").read_text("utf-8").splitlines()]
    of_article: dict[str, list[str]] = {}
    for row in rows:
        of_article.setdefault(row["url"], []).append(row["fact"])
    return [
        Statement(
            row["fact"], "\n".join(of_article[row["url"]]), row["title"], row["source"],
            datetime.fromisoformat(row["published_at"]).date(),
        )
        for row in rows
    ]  # fmt: skip


def paragraphs(folder: Path, count: int = PARAGRAPHS) -> list[Statement]:
    """The longest sentence of every nth paragraph."""
    data = json.loads((folder / "squad" / "squad1_articles.json").read_text("utf-8"))["data"]
    found = [(article["title"].replace("_", " "), each["context"]) for article in data for each in article["paragraphs"]]
    chosen = [found[at * len(found) // count] for at in range(min(count, len(found)))]
    return [
        Statement(max((text[start:end] for start, end in sentence_spans(text)), key=len), text, title)
        for title, text in chosen
        if text.strip()
    ]


def changes(stated: Sequence[Statement], seed: int = SEED) -> list[Change]:
    """For each sentence itself, its other forms, and one change of each kind that its words allow."""
    draw = random.Random(seed)
    pools = {
        kind: pool(pattern, stated)
        for kind, pattern in (("number", _NUMBER), ("name", _NAME), ("speaker", _SPEAKER), ("word", _NOUN))
    }
    return [
        Change(one.passage, one.title, one.outlet, one.published, sentence, supported, kind)
        for one in stated
        for sentence, supported, kind in (*_forms(one.sentence), *_false(one.sentence, pools, draw))
    ]


def pool(pattern: re.Pattern[str], stated: Sequence[Statement]) -> list[str]:
    return sorted({found[0].strip() for one in stated for found in pattern.finditer(one.sentence)})


def _forms(sentence: str) -> Iterator[tuple[str, bool, str]]:
    yield sentence, True, "itself"
    without = _OPENING.sub("", sentence)
    if without != sentence:
        yield without[0].upper() + without[1:], True, "without its opening"
    without = _ASIDE.sub(" ", sentence, count=1)
    if without != sentence:
        yield without, True, "without an aside"
    other = _FIGURE.sub(lambda found: f"{found[1]}%" if found[1] else f"{found[2]} percent", sentence)
    if other != sentence:
        yield other, True, "figures"


def _false(sentence: str, pools: dict[str, list[str]], draw: random.Random) -> Iterator[tuple[str, bool, str]]:
    found = {
        "number": _exchange(sentence, _NUMBER, pools["number"], draw, lambda old, new: _alike(old, new)),
        "name": _exchange(sentence, _NAME, pools["name"], draw, _apart),
        "speaker": _exchange(sentence, _SPEAKER, pools["speaker"], draw, _apart, " "),
        "word": _exchange(sentence, _NOUN, pools["word"], draw, lambda old, new: old[:4] != new[:4]),
        "date": _other_date(sentence, draw),
        "negation": _negate(sentence),
        "role": _swap(sentence),
    }
    for kind, changed in found.items():
        if changed and changed != sentence:
            yield changed, False, kind


def _exchange(
    sentence: str, pattern: re.Pattern[str], others: Sequence[str], draw: random.Random,
    fits: Callable[[str, str], bool], after: str = "",
) -> str | None:  # fmt: skip
    """The sentence with the first match replaced by one of `others` that fits it and does not stand in the sentence."""
    found = next((one for one in pattern.finditer(sentence) if not (pattern is _NUMBER and _YEAR.fullmatch(one[0]))), None)
    if found is None:
        return None
    fitting = [other for other in others if other not in sentence and fits(found[0].strip(), other)]
    return sentence[: found.start()] + draw.choice(fitting) + after + sentence[found.end() :] if fitting else None


def _alike(old: str, new: str) -> bool:
    """Two numbers of as many digits, neither of them a year."""
    return len(old) == len(new) and not _YEAR.fullmatch(new) and float(old.replace(",", "")) != float(new.replace(",", ""))


def _apart(old: str, new: str) -> bool:
    return not set(old.split()) & set(new.split())


def _other_date(sentence: str, draw: random.Random) -> str | None:
    for pattern, others in zip(
        _DATES, (_MONTHS.split("|"), _DAYS.split("|"), [str(year) for year in range(1900, 2024)]), strict=True
    ):
        for found in pattern.finditer(sentence):
            if found[0] == "May" and not re.match(r" \d", sentence[found.end() :]):
                continue
            other = draw.choice([one for one in others if one not in sentence])
            return sentence[: found.start()] + other + sentence[found.end() :]
    return None


def _negate(sentence: str) -> str | None:
    if _NOT.search(sentence):
        return _NOT.sub(r"\1 ", sentence, count=1)
    return _AUXILIARY.sub(
        lambda found: " not ".join(found[0].split(" ", 1)) if " " in found[0] else f"{found[0]} not", sentence, count=1
    )


def _swap(sentence: str) -> str | None:
    """The sentence with the names before and after a verb exchanged."""
    for found in _TWO_NAMES.finditer(sentence):
        if found[1] != found[3] and not _JOINING.search(found[2]) and len(found[2].split()) <= 3:
            return sentence[: found.start()] + found[3] + " " + found[2] + found[1] + sentence[found.end() :]
    return None
