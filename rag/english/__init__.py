"""English, for understanding questions and checking sentences alike. It knows no step and imports none.

lexicon    words by class, from one data file; irregular verbs
words      tokens, stems, plurals, forms of verbs, what a verb looks like
names      whom and what a text names: people, bodies, places
outlets    outlets that a text names
phrases    the noun phrases of a question
questions  whether a text is one well-formed question, and its parts
times      times as questions name them, one put in the place of another
"""
