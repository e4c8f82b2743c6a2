"""Where in a question a name is that of a source: what stands before and after it."""

from __future__ import annotations

import regex

_QUOTES = "'\"‘’“”«»"
_REPORT = (
    r"(?:articles?|reports?|reporting|stor(?:y|ies)|coverage|accounts?|pieces?|reviews?|analys[ei]s|investigations?|editorials?|columns?"
    r"|interviews?|headlines?|posts?|dispatch(?:es)?|features?|op-?eds?|publications?|editions?|issues?|write-?ups?|blog)"
)
_SAYS = (
    r"(?:reports?|reported|reporting|say(?:s|ing)?|said|writ(?:e|es|ing)|wrote|written|claim(?:s|ed)?|suggest(?:s|ed)?|describ(?:e|es|ed)"
    r"|mention(?:s|ed)?|state[sd]?|argue[sd]?|note[sd]?|attribut(?:e|es|ed)|credit(?:s|ed)?|indicat(?:e|es|ed)|impl(?:y|ies|ied)"
    r"|names?|named|reveal(?:s|ed)?|puts?|publish(?:es|ed)?|cover(?:s|ed)?|calls?|called|quote[sd]?|cite[sd]?|warn(?:s|ed)?"
    r"|discuss(?:es|ed)?|focus(?:es|ed)?|identif(?:y|ies|ied)|highlight(?:s|ed)?|conclude[sd]?|predict(?:s|ed)?|estimate[sd]?"
    r"|allege[sd]?|maintain(?:s|ed)?|portray(?:s|ed)?|depict(?:s|ed)?|refer(?:s|red)?|detail(?:s|ed)?|explain(?:s|ed)?|tells?|told"
    r"|announce[sd]?|confirm(?:s|ed)?|critici[sz]e[sd]?|speculate[sd]?|present(?:s|ed)?|emphasi[sz]e[sd]?|assert(?:s|ed)?|agree[sd]?"
    r"|disagree[sd]?|shared|raised|expressed|changed?|differ(?:s|ed)?|contradict(?:s|ed)?|compare[sd]?|has\sit|had\sit|give[sn]?|gave)"
)
_TOLD = (
    r"(?:reported|noted|mentioned|described|published|covered|quoted|cited|claimed|featured|discussed|detailed|said|called|named|"
    r"recognized|recogni[sz]ed|accused|alleged|praised|portrayed|depicted|highlighted|reviewed|scrutini[sz]ed|critici[sz]ed"
    r"|suggested|stated|written|wrote|told|revealed|explained|speculated|documented|printed|listed|given|put|raised|seen|read"
    r"|emphasi[sz]ed|presented|identified|indicated|announced|estimated|counted|posted|carried|shown|headline|recently)"
)
_BEFORE = regex.compile(
    rf"(?:\b(?:according\sto|as\sper|per|courtesy\sof)\s(?:(?:reports?|articles?|coverage)\s(?:by|in|from)\s)?"
    rf"|\b(?:{_REPORT}|counts?|figures?|tally|estimates?)\s(?:(?:published|released|printed|posted|written)\s)?(?:by|from|in|of|on|at)\s"
    rf"|\b{_TOLD}\s(?:\w+ly\s)?(?:by|in|on|at|to)\s)"
    rf"(?:both\s)?(?:the\s|an?\s|another\s)?(?:website\s)?[{_QUOTES}]?$",
    regex.IGNORECASE,
)
_BARE = regex.compile(rf"\b(?P<how>in|by|from)\s(?:both\s)?(?:the\s)?[{_QUOTES}]?$", regex.IGNORECASE)
_AFTER = regex.compile(
    rf"[{_QUOTES}]?(?:['’]s|['’]|\sof\s[A-Z]\w+)?(?:\s(?:first|second|third|latest|last|earlier|later|new|own|original|recent|subsequent|main|front)){{0,2}}"
    rf"\s(?:page\s)?{_REPORT}\b"
    rf"|[{_QUOTES}]?['’]s?\s(?:\w+\s){{0,2}}(?:reporters?|correspondents?|journalists?|view|words|count|figures?|version|estimate|tally)\b"
    rf"|[{_QUOTES}]?,?(?:\s(?:has|have|had|did|does|do|also|not|first|later|never|ever|recently|then|itself|as|itself|all|both)){{0,3}}\s{_SAYS}\b",
    regex.IGNORECASE,
)
_LONGER = regex.compile(r"(?:\s|-)(?:[A-Z]|\d)|\s(?:of\s)[A-Z]|-\w")
_JOINT = regex.compile(
    rf"[{_QUOTES}]?(?:['’]s)?(?:,\s|\s)?(?:,?\s?(?:and|or|nor|&|versus|vs\.?)\s|,\s)?(?:also\s|both\s|in\s|by\s|from\s)?(?:the\s)?[{_QUOTES}]?"
)
_ABOUT_REPORTS = regex.compile(rf"\b(?:{_REPORT}|according|reported|mentions?|suggests?|claims?|describes?)\b", regex.IGNORECASE)


def is_reporting(question: str, start: int, end: int, plain: bool) -> bool:
    """Whether the name in `question[start:end]` stands where a source does.

    After "in" or "from" alone it does, unless it is `plain`: a single word, or less than the whole name ("in the USA").
    """
    quoted = _is_quoted(question, start, end)
    if _AFTER.match(question, end) and not (question[end : end + 1] == " " and _is_longer(question, end)):
        return True
    if _is_longer(question, end) and not quoted:
        return False
    before = question[max(0, start - 80) : start]
    bare = _BARE.search(before)
    if _BEFORE.search(before) or (bare and (not plain or bare["how"].lower() == "by")):
        return True
    return quoted and _ABOUT_REPORTS.search(question) is not None


def joins(question: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two names stand in one list: "both the Lantern and the Gazette"."""
    (_, end), (start, last) = sorted((one, other))
    return start > end and _JOINT.fullmatch(question, end, start) is not None and not _is_longer(question, last)


def _is_quoted(question: str, start: int, end: int) -> bool:
    return start > 0 and end < len(question) and question[start - 1] in _QUOTES and question[end] in _QUOTES


def _is_longer(question: str, end: int) -> bool:
    return _LONGER.match(question, end) is not None
