"""Verifying: a sentence that a language model wrote is held against the words it is said to rest on."""

from rag.types import Check, Verdict
from rag.verify.verifier import Verifier

__all__ = ["Check", "Verdict", "Verifier"]
