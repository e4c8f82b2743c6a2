"""Reading: a transformer that finds short answers and evidence sentences in retrieved passages.

encode    question and passage to word pieces with their character spans
model     the project's network, and its weights on disk
reader    passages to readings by that network
foreign   the same by any question-answering model of transformers
votes     readings to short answers that several passages agree on
"""

from rag.read.reader import SHIPPED, TrainedReader
from rag.read.votes import Vote, votes
from rag.types import Reading, Span, Text

__all__ = ["SHIPPED", "Reading", "Span", "Text", "TrainedReader", "Vote", "votes"]
