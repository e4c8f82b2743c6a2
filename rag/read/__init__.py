"""Reading: a small transformer that finds short answers and evidence sentences in retrieved passages.

encode    question and passage to word pieces with their character spans
model     the network, and its weights on disk
reader    passages to readings
votes     readings to short answers that several passages agree on
"""

from rag.read.encode import Text
from rag.read.reader import SHIPPED, Reader, Reading, Span
from rag.read.votes import Vote, votes

__all__ = ["SHIPPED", "Reader", "Reading", "Span", "Text", "Vote", "votes"]
