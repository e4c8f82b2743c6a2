"""English: what words, names, numbers and sentences say by their form. Imports no step; word lists are in `lexicon.json`.

lexicon, words, stems      lists of words by class; tokens, content, forms of verbs; stems
names, name_kinds, folding  whom and what a text names, and of which kind; names as words to compare
numbers, amounts, quantities, times   values; written amounts whole; "at least half"; times as questions name them
clauses, grammar, events, phrases   parts of a sentence, who does what, noun phrases of a question
polarity, negation         what denies, opposites; whether two texts say the same to be so
reporting, speakers, outlets, positions   who says something; who is quoted; outlets, and where they are named as sources
questions, kinds           what is a question, and what it asks for
"""
