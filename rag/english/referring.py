"""Words that stand for what was named before: "she", "the company"."""

from __future__ import annotations

import regex

REFERRING = regex.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|these|those|there|the (?:\p{Ll}+ )?(?:company|firm|group|"
    r"operator|club|team|party|agency|man|woman|union|bank|museum|court|government|ministry|minister|city|town|village|country|"
    r"province|island|region|state|authority|mayor|governor|president|chair\p{Ll}+|leader|founder|owner|director|coach|captain|"
    r"player|maker|manufacturer|airline|network|university|school|hospital|organi[sz]ation|association|league|committee|council|"
    r"parliament|army|police|suspect|victim|couple|pair|two|three|brothers|sisters|probe|ship|building|project))\b",
    regex.IGNORECASE,
)
PERSONAL = regex.compile(r"\b(?:he|she|they)\b", regex.IGNORECASE)
"""Pronouns that can be a speaker's."""
