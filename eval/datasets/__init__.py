"""Gold sets: one typed item, and one module for each format they come in.

gold          the item, and Dateline's own JSONL
realtimeqa    news-quiz questions with a crawl of articles
squad         SQuAD 1.1 and 2.0
clapnq        long answers with gold sentences
multihop      MultiHop-RAG questions and evidence facts
spans         Chroma's chunking evaluation: questions with character ranges
detect        which of them a file is
"""

from eval.datasets.detect import load_gold
from eval.datasets.gold import Evidence, Gold

__all__ = ["Evidence", "Gold", "load_gold"]
