"""How text becomes terms, in Tantivy's own steps."""

from __future__ import annotations

from dataclasses import dataclass

import tantivy

LONGEST_TERM = 80


@dataclass(frozen=True, slots=True)
class Analysis:
    """How text becomes terms: words, lower-cased, folded to ASCII, then as the fields say.

    `language` names a stemmer of Tantivy's ("english", "german"…), `stop_words` drops that language's commonest words.
    """

    language: str | None = "english"
    stop_words: bool = False

    def build(self) -> tantivy.TextAnalyzer:
        filters = [tantivy.Filter.remove_long(LONGEST_TERM), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()]
        if self.language and self.stop_words:
            filters.append(tantivy.Filter.stopword(self.language))
        if self.language:
            filters.append(tantivy.Filter.stemmer(self.language))
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for each in filters:
            builder = builder.filter(each)
        return builder.build()
