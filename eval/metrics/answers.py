"""Measures of an answer's words against gold answers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TERM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?[^\W_]*|\d+\.\d+[^\W_]*|[^\W_]+")
_BOUNDS = re.compile(
    r"\b(?:at least|at most|more than|less than|fewer than|about|around|nearly|almost|roughly|up to|over|some)\b"
)
_SPELLED = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty
""".split()  # noqa: SIM905
_DIGITS = {word: str(number) for number, word in enumerate(_SPELLED)}
_ALPHANUMERIC = re.compile(r"[a-z0-9]+")


def squad_normalise(text: str) -> str:
    """Lower case, no punctuation, no English articles, single spaces (Rajpurkar et al., EMNLP 2016, evaluation script v2.0).

    Punctuation is all of Unicode's and ASCII's symbols, where the script drops ASCII alone: curly quotes count as straight ones.
    """
    kept = "".join(char for char in text.lower() if not _is_punctuation(char))
    return " ".join(_ARTICLES.sub(" ", kept).split())


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 when the normalised prediction equals one of the normalised answers (Rajpurkar et al. 2016)."""
    return float(any(squad_normalise(prediction) == squad_normalise(answer) for answer in answers))


def token_f1(prediction: str, answers: Sequence[str]) -> float:
    """The best F1 = 2PR / (P + R) over the answers, P and R of the multiset of normalised words (Rajpurkar et al. 2016).

    Two texts without a word are equal (1); one alone scores 0.
    """
    words = squad_normalise(prediction).split()
    return max((_bag_f1(words, squad_normalise(answer).split()) for answer in answers), default=0.0)


def contains_answer(text: str, answers: Iterable[str]) -> bool:
    """Whether `text` holds the terms of one of the answers in a row, at term boundaries.

    Terms ignore case, accents, punctuation and English articles; "U.S." is one term, "1,000" is 1000, "12%" is 12 percent and
    "1.5" stays one number, so that "100" is found in "100-year-old" but neither in "1000" nor in "100,000" or "100.5".
    """
    padded = f" {answer_terms(text)} "
    return any(terms and f" {terms} " in padded for terms in map(answer_terms, answers))


def says_the_same(prediction: str, answers: Iterable[str]) -> bool:
    """Whether a short answer means one of the answers: it has its terms in a row, or the answer has those of it.

    Numbers in words count as digits, and what only bounds a number ("at least", "about") as nothing: "at least six months" says
    "6", "Palm Beach, Florida" says "Florida", and "$4" says "$4 per gallon".
    """
    said = _plain_terms(prediction)
    return any(
        bool(said and meant) and (f" {meant} " in f" {said} " or f" {said} " in f" {meant} ")
        for meant in map(_plain_terms, answers)
    )


def _plain_terms(text: str) -> str:
    terms = _BOUNDS.sub(" ", answer_terms(text)).split()
    return " ".join(_DIGITS.get(term, term) for term in terms)


def rouge_l(prediction: str, references: Sequence[str]) -> float:
    """The best ROUGE-L F1 over the references: P and R are the longest common subsequence over each length (Lin, 2004).

    Words are runs of a-z and 0-9 after lowering case, without stemming, as in the reference package `rouge-score`.
    """
    words = _ALPHANUMERIC.findall(prediction.lower())
    return max((_subsequence_f1(words, _ALPHANUMERIC.findall(text.lower())) for text in references), default=0.0)


def _is_punctuation(char: str) -> bool:
    category = unicodedata.category(char)
    return category.startswith("P") or (category.startswith("S") and char.isascii())


def answer_terms(text: str) -> str:
    """The terms of a text as `contains_answer` compares them, joined by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _INITIALS.sub(lambda initials: initials[0].replace(".", "") + " ", plain)
    plain = plain.replace("%", " percent ").replace("per cent", "percent")
    found = (term.replace(",", "") for term in _TERM.findall(plain))
    return " ".join(term for term in found if term not in {"a", "an", "the"})


def _bag_f1(left: list[str], right: list[str]) -> float:
    if not left or not right:
        return float(left == right)
    return _f1((Counter(left) & Counter(right)).total(), len(left), len(right))


def _subsequence_f1(left: list[str], right: list[str]) -> float:
    return _f1(_common_subsequence(left, right), len(left), len(right))


def _f1(common: int, left: int, right: int) -> float:
    """2PR / (P + R) with P = common / left and R = common / right."""
    return 2 * common / (left + right) if common else 0.0


def _common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence, in |left| × |right| steps and |right| memory."""
    above = [0] * (len(right) + 1)
    for word in left:
        row = [0]
        for column, other in enumerate(right):
            row.append(above[column] + 1 if word == other else max(above[column + 1], row[column]))
        above = row
    return above[-1]
