"""The scores of one question. Each score is a mean's share: 1 or 0, or between, and absent where it does not apply.

    article_hit@k, article_recall@k, article_mrr@10, article_ndcg@10       answerable, with `article_ids`
    passage_hit@k, passage_recall@k, passage_mrr@10, passage_ndcg@10, passage_map@10     answerable, with `evidence`
    correct              with answers, answered and the cited sentences contain one; unanswerable, abstained
    correct_answerable   the same for answerable questions alone
    answered             answerable
    exact_match, token_f1          answerable with answers: the short answer, else the whole one; 0 where abstained
    evidence_precision   answerable and answered, with `evidence`: the share of citations that overlap a piece of it
    evidence_recall      answerable, with `evidence`: the share of its pieces that a citation overlaps; 0 where abstained
    rouge_l              answerable with long answers; 0 where abstained
    citation_answer      answered, with answers: one of the quotes contains one
    citation_article     answered, with `article_ids`: the share of citations to one of them
    citation_exact       answered: the share of citations whose quote is what the article says there

k is 1, 5 and 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.datasets import Gold
from eval.metrics import answers as words
from eval.metrics import citations, ranking
from eval.relevance import Lookup, find_articles, find_evidence, quote_evidence
from rag.types import Answer, Citation, Passage

CUTS = (1, 5, 10)
DEPTH = CUTS[-1]


def retrieval_scores(gold: Gold, article_ids: Sequence[str], passages: Sequence[Passage]) -> dict[str, float]:
    """Scores of the ranked articles and passages; none for an unanswerable question or one that names nothing to find."""
    scores: dict[str, float] = {}
    if gold.answerable and gold.article_ids:
        scores |= _score_ranking("article", find_articles(article_ids, gold), len(set(gold.article_ids)))
    if gold.answerable and gold.evidence:
        found, wanted = find_evidence(passages, gold), len(gold.evidence)
        scores |= _score_ranking("passage", found, wanted)
        scores[f"passage_map@{DEPTH}"] = ranking.multihop_average_precision(found, wanted, DEPTH)
    return scores


def answer_scores(gold: Gold, answer: Answer | None, lookup: Lookup) -> dict[str, float]:
    """Scores of an answer or abstention; None, a question that was refused, scores 0 throughout."""
    if not gold.answerable:
        scores = {"correct": float(answer is not None and answer.status == "abstained")}
    else:
        scores = _word_scores(gold, answer if answer and answer.status == "answered" else None)
        if gold.evidence:
            scores["evidence_recall"] = 0.0
    if answer and answer.status == "answered":
        scores |= _citation_scores(gold, answer.citations, lookup)
    return scores


def _score_ranking(unit: str, found: ranking.Found, wanted: int) -> dict[str, float]:
    scores = {f"{unit}_hit@{k}": ranking.hit(found, k) for k in CUTS}
    scores |= {f"{unit}_recall@{k}": ranking.recall(found, wanted, k) for k in CUTS}
    scores[f"{unit}_mrr@{DEPTH}"] = ranking.reciprocal_rank(found, DEPTH)
    scores[f"{unit}_ndcg@{DEPTH}"] = ranking.ndcg(found, wanted, DEPTH)
    return scores


def _word_scores(gold: Gold, answer: Answer | None) -> dict[str, float]:
    """Scores of an answer's words to an answerable question; 0 throughout without an answer."""
    scores = {"answered": float(answer is not None)}
    said = (answer.short_answer or answer.text) if answer else ""
    if gold.answers:
        right = answer is not None and words.contains_answer(citations.join_cited(answer), gold.answers)
        scores["correct"] = scores["correct_answerable"] = float(right)
        scores["exact_match"] = words.exact_match(said, gold.answers) if answer else 0.0
        scores["token_f1"] = words.token_f1(said, gold.answers) if answer else 0.0
    if gold.long_answers:
        scores["rouge_l"] = words.rouge_l(answer.text, gold.long_answers) if answer else 0.0
    return scores


def _citation_scores(gold: Gold, cited: Sequence[Citation], lookup: Lookup) -> dict[str, float]:
    scores = {"citation_exact": _share(citations.is_exact(one, lookup(one.source.id)) for one in cited)}
    if gold.answerable and gold.answers:
        scores["citation_answer"] = float(citations.contain_answer(cited, gold.answers))
    if gold.answerable and gold.article_ids:
        scores["citation_article"] = _share(one.source.id in gold.article_ids for one in cited)
    if gold.answerable and gold.evidence:
        found = quote_evidence(cited, gold, lookup)
        scores["evidence_precision"] = _share(bool(one) for one in found)
        scores["evidence_recall"] = len(frozenset().union(*found)) / len(gold.evidence)
    return scores


def _share(outcomes: Iterable[bool]) -> float:
    """The share that is true; 0 of none, because an answer without citations has not earned them."""
    listed = list(outcomes)
    return sum(listed) / len(listed) if listed else 0.0
