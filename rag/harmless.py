"""Text of others on its way into a prompt: what is not seen goes, and what looks like anybody's mark becomes plain words."""

from __future__ import annotations

import regex

_LOOK_ALIKE = regex.compile(
    r"(?im)^[ \t>*#]*(?:(?:begin|end)\s+(?:of\s+)?(?:the\s+)?passages?\b.*|(?:system|assistant|user|human|ai|tool|developer)\s*:)"
    r"|<\|[^|>\n]{0,40}\|>|</?(?:s|system|user|assistant|inst|im_start|im_end|passages?|context|sources?|documents?)\b[^>\n]{0,80}>"
    r"|\[/?(?:INST|SYS)\]|<<?/?SYS>>?|={3,}|-{3,}|#{3,}|`{3,}"
)
_CITATION = regex.compile(r"\[\s*(\d[\d\s,;–-]*)\s*\]|【([^】]*)】")
_UNSEEN = regex.compile(r"[\p{Cf}\p{Co}\p{Cs}]|[^\P{Cc}\n\t]")


def harmless(text: str) -> str:
    """`text` without what is not seen, and with what looks like our own marks, or another's, turned into plain words."""
    seen = _UNSEEN.sub("", text)
    plain = _LOOK_ALIKE.sub(lambda found: regex.sub(r"[^\p{L}\p{N}]+", " ", found[0]).strip(), seen)
    return str(_CITATION.sub(lambda found: f"({(found[1] or found[2] or '').strip()})", plain))
