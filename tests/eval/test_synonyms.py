"""Questions in other words, with a dictionary of a few words in WordNet's own layout."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from eval.reader.examples import Example, Marking, Paragraph, ReadingSet
from eval.reader.synonyms import WordNet, in_other_words, read_wordnet
from eval.reader.unanswered import Mix
from rag.errors import InputError
from rag.read import Text
from rag.sentences import sentence_spans

FERRY = "The harbour board purchased two ferries for the crossing. Ada Brunn signed for it."
FILES = {
    "data.noun": "00000001 06 n 03 ferry 0 barge 0 Charon 0 000 | a boat\n00000002 06 n 01 ferry 1 000 | a crossing\n",
    "data.verb": "00000003 40 v 02 purchase 0 buy 0 000 01 + 08 00 | obtain\n00000004 40 v 02 sign 0 subscribe 0 000 |\n",
    "data.adj": "00000005 00 a 02 large(a) 0 big 0 000 | of size\n",
    "index.noun": "ferry n 2 0 2 1 00000001 00000002\nbarge n 1 0 1 1 00000001\n",
    "index.verb": (
        "purchase v 1 0 1 1 00000003\nbuy v 1 0 1 1 00000003\nsign v 1 0 1 1 00000004\nsubscribe v 1 0 1 1 00000004\n"
    ),
    "index.adj": "large a 1 0 1 1 00000005\nbig a 1 0 1 1 00000005\n",
    "cntlist.rev": (
        "ferry%1:06:00:: 1 9\nferry%1:06:01:: 2 1\nbarge%1:06:00:: 1 2\npurchase%2:40:00:: 1 5\nbuy%2:40:00:: 1 8\n"
        "sign%2:40:00:: 1 7\nlarge%3:00:00:: 1 6\nbig%3:00:00:: 1 6\nsubscribe%2:40:00:: 1 0\n"
    ),
    "verb.exc": "bought buy\n",
    "noun.exc": "",
}


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    for name, text in FILES.items():
        (tmp_path / name).write_text(f"  a line of the licence\n{text}" if "exc" not in name and "cnt" not in name else text)
    return read_wordnet(tmp_path)


@pytest.fixture
def reading() -> ReadingSet:
    start = FERRY.index("Ada Brunn")
    mark = (Marking(start, start + 9, 1.0),)
    return ReadingSet(
        (Paragraph(Text(FERRY, "Ferries"), tuple(sentence_spans(FERRY))),),
        (
            Example("a", "Who signed for the ferries that the board was purchasing?", 0, ("Ada Brunn",), mark),
            Example("b", "Who sank the ferries?", 0, (), ()),
            Example("c", "who signed for the ferries", 0, ("Ada Brunn",), mark),
            Example("d", "What did the harbour board do?", 0, ("purchased two ferries",), mark),
        ),
    )


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("ferry", "barge"),
        ("ferries", "barges"),
        ("purchasing", "buying"),
        ("bought", "purchased"),
        ("purchased", None),  # "bought" is irregular, and WordNet does not say whether the participle is the same
        ("large", "big"),
        ("signed", None),  # nobody uses the synonym
        ("harbour", None),
    ],
)
def test_a_word_is_exchanged_in_its_own_form_or_not_at_all(wordnet: WordNet, word: str, other: str | None) -> None:
    assert wordnet.others(word, random.Random(1)) == other


def test_only_words_of_the_paragraph_change_and_no_search_does(
    wordnet: WordNet, reading: ReadingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.reader.synonyms.CHANGED", 1.0)
    made = {one.id: one for one in in_other_words(reading, wordnet, 1.0, seed=1)}
    assert {key: one.question for key, one in made.items()} == {
        "a other words": "Who signed for the barges that the board was buying?",
        "b other words": "Who sank the barges?",
    }
    assert made["a other words"].marked == reading.examples[0].marked
    assert in_other_words(reading, wordnet, 0.0, seed=1) == ()


def test_the_mix_asks_again_only_with_a_dictionary(wordnet: WordNet, reading: ReadingSet) -> None:
    mix = Mix(names=0.0, left_out=0.0, spoken=0.0, reworded=1.0)
    plain, _ = mix.lessons(reading, [()] * 4, seed=3)
    reworded, others = mix.lessons(reading, [()] * 4, seed=3, wordnet=wordnet)
    assert len(plain.examples) == 4
    assert len(reworded.examples) == len(others) > 4


def test_a_folder_without_wordnet_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no WordNet.*wordnet-base"):
        read_wordnet(tmp_path)
