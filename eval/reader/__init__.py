"""Training and measuring the reader.

examples    SQuAD articles to questions with the paragraphs to read for them
hardest     other paragraphs that retrieval finds for a question and that do not answer it
targets     what the network should say of a window
training    the loop: batches, schedule, checkpoints
scores      exact match and F1 of a network on paragraphs held back
"""
