"""Writing: a language model is asked for an answer, of which only what the passages carry is kept."""
