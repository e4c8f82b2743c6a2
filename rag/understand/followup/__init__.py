"""Follow-ups: a question that leans on the conversation becomes one that stands alone.

conversation  the last exchanges
idle          thanks, greetings, "are you sure?": not asked of the archive
anaphors      the words that stand for something told before
antecedents   whom or what "he", "she" and "it" mean
events        why, where and when of what an earlier question asked about
slots         a fragment in its place in the earlier question: "And in June?"
resolve       a whole question with its pronouns told
rules         which of these a question needs, and what it is searched for behind where none makes a question
allowed       what a language model's rewrite must keep to
asking        a language model asked for it
rewriter      all of this as one step
"""

from rag.understand.followup.rewriter import Rewriter

__all__ = ["Rewriter"]
