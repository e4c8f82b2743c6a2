"""Verifying: a sentence that a language model wrote is held against the words it is said to rest on."""
