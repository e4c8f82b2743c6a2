"""Follow-ups: a question that leans on the conversation becomes one that stands alone.

lexicon       lists of words by what they do in a question
words         tokens, and which of them carry content
entities      whom and what a text names
times         times that a question names
papers        outlets that a question names
phrases       what a question is about
context       the last exchanges
pronouns      the words that stand for something told before
leaning       whether a question without them leans on what was told
antecedents   whom or what those words mean
joining       topic, time and outlet carried over
resolving     a whole question: "What did she say?"
slots         a fragment: "And in June?"
replies       a word or two: "Why?"
rules         which of these it is
allowed       what a language model's rewrite must keep to
asking        a language model asked for it
rewriter      all of this as one step
"""

from rag.understand.followup.rewriter import Rewriter

__all__ = ["Rewriter"]
