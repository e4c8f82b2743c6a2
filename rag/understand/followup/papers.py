"""Outlets as questions name them: "according to the Gazette", "What does the Lantern say about it?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.understand.followup.entities import plain_name
from rag.understand.followup.lexicon import listed

_COMMON = listed(
    """
    daily news times post the morning evening sunday weekly online press today of and new city wire
    """
)
_ACCORDING = regex.compile(
    r",?\s*\b(?:according\sto|as\sreported\s(?:by|in)|reported\sby|in\sthe\swords\sof)\s(?:what\s)?", regex.IGNORECASE
)
MAX_OUTLETS = 5_000


@dataclass(frozen=True, slots=True)
class Paper:
    """An outlet named at `text[start:end]`, "the" included, by its full name in the archive."""

    start: int
    end: int
    name: str

    @property
    def spoken(self) -> str:
        """The name as it stands in a sentence: with the article that its words call for."""
        if self.name.lower().startswith("the ") or len(self.name.split()) == 1 or self.name.endswith(("Wire", "News", "Online")):
            return self.name
        return f"the {self.name}"


def papers(text: str, outlets: Sequence[str]) -> list[Paper]:
    """The `outlets` that `text` names, in full or by a part that only one of them has, in order."""
    found: dict[int, Paper] = {}
    folded = text.casefold()
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    for name, spoken in _spoken(outlets):
        for match in regex.finditer(rf"(?<!\w)(?:the\s)?{regex.escape(spoken)}(?!\w)", folded):
            if not _is_meant(text, match, spoken, name):
                continue
            paper = Paper(match.start(), match.end(), name)
            if not any(other.start < paper.end and paper.start < other.end for other in found.values()):
                found[match.start()] = paper
    return [found[at] for at in sorted(found)]


def _is_meant(text: str, match: regex.Match[str], spoken: str, name: str) -> bool:
    """A part of a name, or a name of one word, counts where it is written as a name or said to report."""
    words = text[match.start() : match.end()]
    bare = regex.sub(r"^the\s", "", words, flags=regex.IGNORECASE)
    if bare[:1].isupper() and match.start() + len(words) - len(bare) > 0:
        return True
    if len(spoken.split()) > 1 and spoken == plain_name(name):
        return True
    before, after = text[: match.start()].casefold(), text[match.end() :]
    return bool(
        regex.search(
            r"(?:according to|reported by|what does|what did|what about|how about|^and|did|^(?:no,? )?i mean[t]?)\s*$", before
        )
        or (not before.strip() and not after.strip(" ?!."))
    )


def _spoken(outlets: Sequence[str]) -> list[tuple[str, str]]:
    """Each outlet with the ways to say it, longest first: its name, and its last or first words where no other has them."""
    known = list(dict.fromkeys(name for name in outlets[:MAX_OUTLETS] if plain_name(name)))
    ways: dict[str, set[str]] = {}
    for name in known:
        words = plain_name(name).split()
        for part in {" ".join(words), *(" ".join(words[cut:]) for cut in range(1, len(words)))}:
            if part == " ".join(words) or part not in _COMMON:
                ways.setdefault(part, set()).add(name)
    full = {plain_name(name): name for name in known}
    pairs = [
        (full[part] if part in full else next(iter(names)), part)
        for part, names in ways.items()
        if part in full or len(names) == 1
    ]
    return sorted(pairs, key=lambda pair: (-len(pair[1]), pair[1]))


def with_paper(question: str, paper: Paper, outlets: Sequence[str]) -> str:
    """`question` asked of `paper`: in the place of the outlet that it names, or at its end."""
    named = papers(question, outlets)
    if named:
        old = named[-1]
        return f"{question[: old.start]}{paper.spoken}{question[old.end :]}"
    return f"{question} according to {paper.spoken}"


def without_papers(text: str, outlets: Sequence[str]) -> str:
    """`text` without "according to" and an outlet."""
    for paper in reversed(papers(text, outlets)):
        lead = [found for found in _ACCORDING.finditer(text, 0, paper.start) if found.end() == paper.start]
        if lead:
            text = f"{text[: lead[-1].start()]} {text[paper.end :].lstrip(' ,')}".strip()
    return " ".join(text.split())
