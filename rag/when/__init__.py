"""When: the days that an article means by "last month" or "on Monday", told from the day on which it was published."""

from rag.when.scan import MAX_MENTIONS, in_words, mentions

__all__ = ["MAX_MENTIONS", "in_words", "mentions"]
