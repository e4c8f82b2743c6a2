"""Stories: answers told from many articles, in the form that a question wants. Every line is a quote with its place."""

from rag.story.asking import Stories
from rag.story.form import form_of
from rag.story.tell import StoryAnswer, as_answer
from rag.story.today import as_of_notice

__all__ = ["Stories", "StoryAnswer", "as_answer", "as_of_notice", "form_of"]
