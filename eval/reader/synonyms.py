"""Questions in other words: words that a question shares with its paragraph are exchanged for their synonyms.

Questions written beside a paragraph repeat its words, so that a reader learns to look for them; people who search do not know
them. The synonyms are WordNet's (Miller, 1995), in the files of its release 3: Debian's package `wordnet-base` has them. A word
is exchanged in its commonest sense only, and only for a word that is used in that sense by WordNet's own texts. A question all in
lower case is a search, in other words than the paragraph's already, and left alone.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eval.reader.examples import Example, ReadingSet
from rag.errors import InputError

SENSE_KEYS = {"1": "n", "2": "v", "3": "a", "5": "a"}
KINDS = {"noun": "n", "verb": "v", "adj": "a"}
COMMON = 0.6
"""A word is exchanged where its commonest sense, over all parts of speech, makes up this share of its uses."""
CHANGED = 0.75
"""How often a word that can be exchanged is."""
WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
KEPT = frozenset(
    """
    about after been before called does during first from have into kind last many more most much name named other same some than
    that their them then there these they this those time type were what when where which whom whose with year years
    """.split()  # noqa: SIM905
)
DOUBLED = re.compile(r"[^aeiou][aeiou][bdgmnprt]$")


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning: its part of speech and its words, each with how often WordNet's own texts use it so."""

    kind: str
    words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WordNet:
    """The commonest sense of each word that has one, and the irregular forms of verbs and nouns."""

    senses: Mapping[str, Sense]
    lemmas: Mapping[str, str]
    irregular: Mapping[str, tuple[str, ...]]

    def others(self, word: str, drawing: random.Random) -> str | None:
        """Another word for `word`, in the same form; None where there is none that is sure."""
        for lemma, ending in _split_forms(word, self.lemmas):
            sense = self.senses.get(lemma)
            if sense is None or not _fits(sense.kind, ending):
                continue
            found = sorted(one for one, count in sense.words.items() if count and one != lemma and lemma not in one)
            drawing.shuffle(found)
            return next((form for one in found if (form := self._inflect(one, ending, sense.kind)) is not None), None)
        return None

    def _inflect(self, lemma: str, ending: str, kind: str) -> str | None:
        first, _, rest = lemma.partition(" ")
        if kind == "n":
            first, rest = lemma, ""
        if ending and any(not form.endswith(ending) for form in self.irregular.get(first, ())) and ending != "ing":
            return None  # "gave" or "given": which one is not known here
        form = _add(first, ending)
        return f"{form} {rest}" if rest else form


def read_wordnet(folder: Path) -> WordNet:
    """WordNet's files in `folder`. Raises InputError where they are not there."""
    try:
        senses = dict(_find_commonest(folder))
        lines = [line for name in ("verb", "noun") for line in (folder / f"{name}.exc").read_text("latin-1").splitlines()]
    except OSError as error:
        raise InputError(
            f"{folder} has no WordNet ({error}): install wordnet-base, or name its folder with --wordnet."
        ) from error
    irregular: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    lemmas: dict[str, str] = {}
    for form, lemma in (line.split()[:2] for line in lines):
        lemmas[form] = lemma
        irregular[lemma] += (form,)
    return WordNet(senses, lemmas, irregular)


def in_other_words(reading: ReadingSet, wordnet: WordNet, share: float, seed: int) -> tuple[Example, ...]:
    """Variants of `share` of all questions, answerable or not, in which words of the paragraph are exchanged for synonyms."""
    drawing = random.Random(f"synonyms {seed}")
    return tuple(
        replace(example, id=f"{example.id} other words", question=question)
        for example in reading.examples
        if drawing.random() < share
        and example.question != example.question.lower()
        and (question := _reword(example, reading, wordnet, drawing)) != example.question
    )


def _reword(example: Example, reading: ReadingSet, wordnet: WordNet, drawing: random.Random) -> str:
    text = reading.paragraphs[example.paragraph].text.text.lower()
    answers = " ".join(example.answers).lower()

    def exchange(match: re.Match[str]) -> str:
        word = match[0]
        if word in KEPT or word[:5] not in text or word in answers or drawing.random() > CHANGED:
            return word
        return wordnet.others(word, drawing) or word

    return WORD.sub(exchange, example.question)


def _split_forms(word: str, lemmas: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What `word` may be a form of, with the ending taken off."""
    yield word, ""
    if word in lemmas:
        yield lemmas[word], "ing" if word.endswith("ing") else "s" if word.endswith("s") else "ed"
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            kept = "s" if ending == "es" else ending
            yield stem, kept
            yield f"{stem}e", kept
            if stem[-2:-1] == stem[-1:]:
                yield stem[:-1], kept
            if stem.endswith("i"):
                yield f"{stem[:-1]}y", kept


def _fits(kind: str, ending: str) -> bool:
    return not ending or kind == "v" or (kind == "n" and ending == "s")


def _add(lemma: str, ending: str) -> str:
    if not ending:
        return lemma
    if ending == "s":
        if re.search(r"(?:s|x|z|ch|sh)$", lemma):
            return f"{lemma}es"
        return re.sub(r"([^aeiou])y$", r"\1ie", lemma) + "s"
    base = re.sub(r"(?<=[^eoy])e$", "", lemma) if ending == "ing" else re.sub(r"([^aeiou])y$", r"\1i", lemma).removesuffix("e")
    if base == lemma and len(lemma) < 5 and DOUBLED.search(lemma):
        base += lemma[-1]
    return base + ending


def _find_commonest(folder: Path) -> Iterator[tuple[str, Sense]]:
    """Each word whose commonest sense is common enough, with that sense."""
    entries = {kind: dict(_read_words(folder / f"data.{name}")) for name, kind in KINDS.items()}
    used = _read_uses(folder)
    by_word: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for (kind, place, word), count in used.items():
        by_word[word][kind, place] = count
    for word, senses in by_word.items():
        (kind, place), count = max(senses.items(), key=lambda item: item[1])
        if count < COMMON * sum(senses.values()) or place not in entries[kind]:
            continue
        words = {one.replace("_", " "): used.get((kind, place, one), 0) for one in entries[kind][place] if one.islower()}
        yield word, Sense(kind, words)


def _read_uses(folder: Path) -> Mapping[tuple[str, str, str], int]:
    """By part of speech, place of the sense and word: how often WordNet's own texts use the word so, where they do."""
    places = {kind: dict(_read_index(folder / f"index.{name}")) for name, kind in KINDS.items()}
    found: dict[tuple[str, str, str], int] = {}
    for line in (folder / "cntlist.rev").read_text("latin-1").splitlines():
        key, number, count = line.split()
        word, _, rest = key.partition("%")
        kind = SENSE_KEYS.get(rest[0], "")
        senses = places.get(kind, {}).get(word, ())
        if int(number) <= len(senses):
            found[kind, senses[int(number) - 1], word] = int(count)
    return found


def _read_index(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Each word with the places of its senses, the commonest first."""
    for line in file.read_text("latin-1").splitlines():
        if not line.startswith(" "):
            fields = line.split()
            yield fields[0], fields[-int(fields[2]) :]


def _read_words(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each meaning, by its place in the file, with its words."""
    for line in file.read_text("latin-1").splitlines():
        if not line.startswith(" "):
            place, _, _, number, *fields = line.partition(" | ")[0].split()
            yield place, tuple(re.sub(r"\(\w+\)$", "", word) for word in fields[: 2 * int(number, 16) : 2])
