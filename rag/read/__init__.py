"""Reading: a transformer that finds short answers and evidence sentences in retrieved passages.

encode    question and passage to word pieces with their character spans
model     the network of the quick reader, and its weights on disk
close_model  that of the close reader
packed    matrices of weights in few bits
reader    passages to readings by these networks
cascade   the quick reader for everything, the close one for the best sentences
foreign   the same by any question-answering model of transformers
votes     readings to short answers that several passages agree on
"""

from rag.read.cascade import CascadeReader, close_of, quick_of
from rag.read.reader import CLOSE, SHIPPED, CloseReader, TrainedReader
from rag.read.votes import Vote, votes
from rag.types import Reading, Span, Text

__all__ = [
    "CLOSE",
    "SHIPPED",
    "CascadeReader",
    "CloseReader",
    "Reading",
    "Span",
    "Text",
    "TrainedReader",
    "Vote",
    "close_of",
    "quick_of",
    "votes",
]
